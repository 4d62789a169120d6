import { useSignal } from '@preact/signals'
import { type ClockState, clock, readClock, workspaceNow } from '../shell/clock.ts'
import { Badge, Busy, Labelled, Problem, Told } from '../shell/parts/small.tsx'
import { useDo, useRead } from '../shell/read.ts'
import { say } from '../shell/said.tsx'
import { ask } from '../shell/server.ts'

const steps: readonly [label: string, seconds: number][] = [
  ['1 hour', 3600],
  ['1 day', 86_400],
  ['1 week', 604_800],
]

/** Time, and how late searches see what was written. */
export function ClockTab() {
  return (
    <div class="page">
      <Clock />
      <SearchLag />
    </div>
  )
}

function Clock() {
  const { run, all } = useDo()
  const { value } = clock
  const move = (change: object, done: (state: ClockState) => string) =>
    void run({ key: JSON.stringify(change), slot: 'clock', what: 'Setting the clock' }, async () => {
      const state = await ask<ClockState>('POST', '/workspace/clock', change)
      await readClock()
      say(done(state))
    })
  if (value === null) return <Busy />
  const isAway = value.frozen || value.offset !== 0
  return (
    <section class="panel stack" aria-labelledby="clock-title">
      <div class="row">
        <h2 id="clock-title">Clock</h2>
        {value.frozen ? <Badge tone="warn">Stopped</Badge> : <Badge tone="ok">Running</Badge>}
        {value.offset !== 0 && <Badge tone="warn">{aheadInWords(value.offset)}</Badge>}
      </div>
      <p class="clock-now">
        <time dateTime={new Date(workspaceNow()).toISOString()}>{longTime(workspaceNow())}</time>
      </p>
      <p class="quiet">
        Intercom dates everything by it. When it passes a snooze’s end the conversation opens again, at its
        own second; webhooks that are due go out. Times in your browser’s time zone.
      </p>
      <div class="row">
        <button
          type="button"
          onClick={() =>
            move({ frozen: !value.frozen }, ({ frozen }) =>
              frozen ? 'The clock is stopped.' : 'The clock is running.',
            )
          }
        >
          {value.frozen ? 'Let it run' : 'Stop it'}
        </button>
        {steps.map(([label, seconds]) => (
          <button
            key={label}
            type="button"
            onClick={() => move({ advance: seconds }, () => `The clock has moved forward by ${label}.`)}
          >
            Forward {label}
          </button>
        ))}
        <button
          type="button"
          disabled={!isAway}
          onClick={() =>
            move({ offset: 0, skew: 0, frozen: false }, () => 'The clock follows the machine’s again.')
          }
        >
          Back to the machine’s time
        </button>
      </div>
      <JumpTo onJump={(now) => move({ now }, () => 'The clock is set.')} />
      <Told of={all} />
    </section>
  )
}

function JumpTo({ onJump }: { onJump: (seconds: number) => void }) {
  return (
    <form
      class="row bottoms"
      onSubmit={(event) => {
        event.preventDefault()
        const text = String(new FormData(event.currentTarget as HTMLFormElement).get('moment'))
        const at = new Date(text).getTime()
        if (!Number.isNaN(at)) onJump(at / 1000)
      }}
    >
      <Labelled label="Or jump to">
        {(ids) => <input {...ids} type="datetime-local" name="moment" step="1" required />}
      </Labelled>
      <button type="submit">Jump</button>
    </form>
  )
}

function SearchLag() {
  const { body, again, problem: unread } = useRead<{ seconds: number }>('/workspace/search_lag')
  const { run, all } = useDo()
  const typed = useSignal<string | null>(null)
  const set = (seconds: number) =>
    void run({ key: String(seconds), slot: 'lag', what: 'Setting the search lag' }, async () => {
      const text = typed.peek()
      await ask('PUT', '/workspace/search_lag', { seconds })
      if (typed.peek() === text) typed.value = null
      again()
      say(seconds === 0 ? 'Searches see everything at once.' : `Searches are ${seconds} s late.`)
    })
  if (unread.value !== null) return <Problem onRetry={again}>{unread.value}</Problem>
  if (body.value === null) return <Busy />
  const { seconds } = body.value
  return (
    <section class="panel stack" aria-labelledby="lag-title">
      <div class="row">
        <h2 id="lag-title">Search lag</h2>
        <Badge tone={seconds > 0 ? 'warn' : 'ok'}>{seconds > 0 ? `${seconds} s` : 'None'}</Badge>
      </div>
      <p class="quiet">
        Intercom’s searches, and its list of contacts, see a write some seconds late. Whoever searches right
        after a write finds nothing then; whoever reads by id finds it.
      </p>
      <form
        class="row bottoms"
        onSubmit={(event) => {
          event.preventDefault()
          set(Number(typed.value ?? seconds))
        }}
      >
        <Labelled label="Seconds late">
          {(ids) => (
            <input
              {...ids}
              type="number"
              min="0"
              max="86400"
              step="any"
              required
              value={typed.value ?? seconds}
              onInput={(event) => {
                typed.value = event.currentTarget.value
              }}
            />
          )}
        </Labelled>
        <button type="submit">Set</button>
        <button type="button" disabled={seconds === 0} onClick={() => set(0)}>
          No lag
        </button>
      </form>
      <Told of={all} />
    </section>
  )
}

function longTime(at: number): string {
  return new Date(at).toLocaleString('en-GB', {
    weekday: 'short',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
  })
}

/** `2 d ahead`, `30 s behind`. */
function aheadInWords(offset: number): string {
  const seconds = Math.abs(offset)
  const [size, unit] = (
    [
      [86_400, 'd'],
      [3600, 'h'],
      [60, 'min'],
      [1, 's'],
    ] as const
  ).find(([one]) => seconds >= one) ?? [1, 's']
  return `${Math.round(seconds / size)} ${unit} ${offset > 0 ? 'ahead' : 'behind'}`
}
