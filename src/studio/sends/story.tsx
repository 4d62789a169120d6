import { Words } from '../shell/parts/small.tsx'
import { duration, fullTime } from '../shell/parts/time.tsx'
import { type Step, stepTone, stepWords } from './words.ts'

/** What happened, step by step, with how long each took. */
export function Story({ steps }: { steps: readonly Step[] }) {
  return (
    <ol class="story" aria-label="Step by step">
      {steps.map((step, index) => (
        <li key={`${index} ${step.step}`} data-tone={stepTone(step)}>
          <p class="story-what">
            <span>{stepWords(steps, index)}</span>
            <Took steps={steps} index={index} />
          </p>
          <Facts step={step} />
        </li>
      ))}
    </ol>
  )
}

function Took({ steps, index }: { steps: readonly Step[]; index: number }) {
  const at = steps[index]?.at ?? null
  if (at === null) return <span class="quiet">time not recorded</span>
  const before = steps.slice(0, index).findLast((one) => one.at !== null)?.at ?? null
  const date = new Date(at)
  return (
    <span class="story-when">
      {before !== null && <span class="quiet">+{duration(Math.max(0, at - before))}</span>}
      <time dateTime={date.toISOString()} title={fullTime(at)}>
        {date.toLocaleTimeString('en-GB')}.{String(date.getMilliseconds()).padStart(3, '0')}
      </time>
    </span>
  )
}

function Facts({ step }: { step: Step }) {
  const { by, reason, code, status, request_id, attempts, waits = [], item_id } = step
  const waited = waits.reduce((sum, { ms }) => sum + ms, 0)
  const facts = [
    by != null && `by ${by}`,
    item_id !== undefined && `as ${item_id}`,
    reason && `“${reason}”`,
    code !== undefined && `${status ?? ''} ${code}`.trim(),
    request_id != null && step.step !== 'ended' && `request ${request_id}`,
    attempts !== undefined && `${attempts} request${attempts === 1 ? '' : 's'}, reads included`,
    waited > 0 && `waited ${duration(waited)} (${[...new Set(waits.map((one) => one.reason))].join(', ')})`,
  ].filter((fact) => typeof fact === 'string')
  if (facts.length === 0) return null
  return (
    <p class="quiet small">
      <Words text={facts.join(' · ')} />
    </p>
  )
}
