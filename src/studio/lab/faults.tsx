import { useSignal } from '@preact/signals'
import { Badge, Busy, Empty, Labelled, Problem } from '../shell/parts/small.tsx'
import { useDo, useRead } from '../shell/read.ts'
import { say } from '../shell/said.tsx'
import { ask } from '../shell/server.ts'
import { type Kind, kindOf, kinds, type Parameter } from './kinds.ts'

type Rule = { kind: string; route: string; probability: number; after: number; count?: number } & Record<
  string,
  unknown
>
type ActiveFault = { id: number; rule: Rule; matched: number; injected: number }

const path = '/workspace/faults'
/** Routes that are worth breaking; any of Intercom's description may be typed. */
const routes = [
  '* /**',
  'POST /conversations/{id}/reply',
  'POST /conversations/search',
  'GET /conversations/{id}',
  'POST /contacts',
  'POST /contacts/{id}/notes',
  'POST /contacts/search',
  'PUT /contacts/{id}',
  'POST /messages',
]

/** Rules that break the local Intercom on purpose. */
export function Faults() {
  const { body, problem, again } = useRead<{ faults: ActiveFault[] }>(path, 2000)
  return (
    <div class="lab-two">
      <NewFault onAdded={again} />
      <section class="stack" aria-label="Active rules">
        <div class="row">
          <h2>Active rules</h2>
          {(body.value?.faults.length ?? 0) > 1 && <RemoveAll onDone={again} />}
        </div>
        {problem.value !== null && <Problem onRetry={again}>{problem.value}</Problem>}
        <Rules faults={body.value?.faults ?? null} onChange={again} />
      </section>
    </div>
  )
}

function Rules({ faults, onChange }: { faults: ActiveFault[] | null; onChange: () => void }) {
  const { run, problem } = useDo()
  if (faults === null) return <Busy />
  if (faults.length === 0)
    return (
      <Empty says="Intercom answers as it should. Add a rule, then let your agent work and see under Sends what it made of it." />
    )
  const remove = (id: number) =>
    run(async () => {
      await ask('DELETE', `${path}?id=${id}`)
      onChange()
      say('The rule is removed.')
    })
  return (
    <>
      {problem.value !== null && <Problem>{problem.value}</Problem>}
      <ol class="rules">
        {faults.map(({ id, rule, matched, injected }) => (
          <li key={id} class="panel">
            <div class="row">
              <strong>{kindOf(rule.kind)?.label ?? rule.kind}</strong>
              <Badge tone={injected > 0 ? 'warn' : 'quiet'}>{`${injected} of ${matched} requests`}</Badge>
              <button
                type="button"
                class="plain push"
                aria-label={`Remove rule ${id}: ${kindOf(rule.kind)?.label ?? rule.kind}`}
                onClick={() => void remove(id)}
              >
                Remove
              </button>
            </div>
            <p class="mono small">{rule.route}</p>
            <p class="quiet small">{inWords(rule)}</p>
          </li>
        ))}
      </ol>
    </>
  )
}

/** `30 % of them, after the first 2, at most 5 times; status 503`. */
function inWords({ kind, route: _, probability, after, count, seed: __, ...rest }: Rule): string {
  const when = [
    probability < 1 ? `${Math.round(probability * 100)} % of them` : 'Each of them',
    after > 0 ? `after the first ${after}` : '',
    count === undefined ? '' : count === 1 ? 'once' : `at most ${count} times`,
  ].filter(Boolean)
  const what = Object.entries(rest).map(([name, value]) => `${name} ${value}`)
  return [when.join(', '), what.join(', '), kind].filter(Boolean).join(' · ')
}

function RemoveAll({ onDone }: { onDone: () => void }) {
  const { run } = useDo()
  const removeAll = () =>
    run(async () => {
      await ask('DELETE', path)
      onDone()
      say('All rules are removed.')
    })
  return (
    <button type="button" class="plain push" onClick={() => void removeAll()}>
      Remove all
    </button>
  )
}

function NewFault({ onAdded }: { onAdded: () => void }) {
  const chosen = useSignal('status')
  const { run, isBusy, problem } = useDo()
  const kind = kindOf(chosen.value)
  const add = (event: SubmitEvent) => {
    event.preventDefault()
    const form = event.currentTarget as HTMLFormElement
    void run(async () => {
      await ask('POST', path, ruleOf(new FormData(form), kind))
      onAdded()
      say('The rule holds from the next request on, those of this page included.')
    })
  }
  return (
    <form class="stack" onSubmit={add} aria-label="A new rule">
      <h2>Break something</h2>
      {kinds.map((group) => (
        <fieldset key={group.effect} class="kinds">
          <legend>
            <strong>{group.effect}</strong>
            <span class="quiet small">{group.says}</span>
          </legend>
          {group.kinds.map((one) => (
            <label key={one.kind} class="kind" data-chosen={one.kind === chosen.value}>
              <input
                type="radio"
                name="kind"
                value={one.kind}
                checked={one.kind === chosen.value}
                onChange={() => {
                  chosen.value = one.kind
                }}
              />
              <span>
                <span class="kind-name">{one.label}</span>
                <span class="quiet small">{one.says}</span>
              </span>
            </label>
          ))}
        </fieldset>
      ))}
      <fieldset class="panel fields" key={chosen.value}>
        <legend class="aloud">{kind?.label}</legend>
        {kind?.parameters?.map((parameter) => (
          <Field key={parameter.name} parameter={parameter} />
        ))}
        <Labelled
          label="Requests"
          hint="Method and path as in Intercom’s description; * for any, ** for the rest."
        >
          {(ids) => (
            <input {...ids} class="mono" name="route" list="lab-routes" defaultValue="* /**" required />
          )}
        </Labelled>
        <datalist id="lab-routes">
          {routes.map((one) => (
            <option key={one} value={one} />
          ))}
        </datalist>
        <Labelled label="Share, %">
          {(ids) => (
            <input
              {...ids}
              type="number"
              name="share"
              min="0"
              max="100"
              step="any"
              defaultValue="100"
              required
            />
          )}
        </Labelled>
        <Labelled label="Let pass first">
          {(ids) => <input {...ids} type="number" name="after" min="0" step="1" defaultValue="0" required />}
        </Labelled>
        <Labelled label="At most" hint="Times; empty for no end.">
          {(ids) => <input {...ids} type="number" name="count" min="1" step="1" />}
        </Labelled>
      </fieldset>
      {problem.value !== null && <Problem>{problem.value}</Problem>}
      <div class="row">
        <button type="submit" class="primary" disabled={isBusy.value}>
          Add the rule
        </button>
        <span class="quiet small">Requests of this page are struck as well.</span>
      </div>
    </form>
  )
}

function Field({ parameter }: { parameter: Parameter }) {
  return (
    <Labelled label={parameter.label} hint={parameter.type === 'text' ? parameter.hint : undefined}>
      {(ids) => {
        const { name, type, value } = parameter
        if (type === 'choice')
          return (
            <select {...ids} name={name}>
              {parameter.options.map(([option, label]) => (
                <option key={option} value={option} selected={option === value}>
                  {label}
                </option>
              ))}
            </select>
          )
        if (type === 'text') return <input {...ids} name={name} defaultValue={value} />
        const { min, max, required = false } = parameter
        return (
          <input {...ids} {...{ name, min, max, required }} type="number" step="1" defaultValue={value} />
        )
      }}
    </Labelled>
  )
}

/** What was filled in; what is empty is left to its default. */
function ruleOf(form: FormData, kind: Kind | undefined): object {
  const given = (name: string) => String(form.get(name) ?? '').trim()
  const own = (kind?.parameters ?? []).flatMap(({ name, type }) => {
    const text = given(name)
    return text === '' ? [] : [[name, type === 'number' ? Number(text) : text]]
  })
  const count = given('count')
  return {
    kind: kind?.kind,
    ...Object.fromEntries(own),
    route: given('route'),
    probability: Number(given('share')) / 100,
    after: Number(given('after')),
    ...(count === '' ? {} : { count: Number(count) }),
  }
}
