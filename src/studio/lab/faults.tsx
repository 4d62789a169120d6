import { useSignal } from '@preact/signals'
import { Badge, Busy, Labelled, Problem, Told } from '../shell/parts/small.tsx'
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
  const chosen = useSignal('status')
  const faults = body.value?.faults ?? null
  const { run, all } = useDo()
  const remove = (id: number) =>
    void run({ key: `remove ${id}`, what: `Removing rule ${id}` }, async () => {
      await ask('DELETE', `${path}?id=${id}`)
      again()
      say('The rule is removed.')
    })
  const removeAll = () =>
    void run({ key: 'remove all', what: 'Removing all rules' }, async () => {
      await ask('DELETE', path)
      again()
      say('All rules are removed.')
    })
  return (
    <div class="lab-two">
      <Kinds chosen={chosen.value} onChoose={(kind) => (chosen.value = kind)} />
      <div class="lab-right">
        <NewRule kind={kindOf(chosen.value)} onAdded={again} />
        <section class="stack" aria-labelledby="rules-title">
          <div class="row">
            <h2 id="rules-title">Active rules</h2>
            {faults !== null && faults.length > 1 && (
              <button type="button" class="plain push" onClick={removeAll}>
                Remove all
              </button>
            )}
          </div>
          {problem.value !== null && <Problem onRetry={again}>{problem.value}</Problem>}
          <Told of={all} />
          {(faults !== null || problem.value === null) && <Rules faults={faults} onRemove={remove} />}
        </section>
      </div>
    </div>
  )
}

function Kinds({ chosen, onChoose }: { chosen: string; onChoose: (kind: string) => void }) {
  return (
    <section class="stack" aria-labelledby="kinds-title">
      <h2 id="kinds-title">Break something</h2>
      {kinds.map((group) => (
        <fieldset key={group.effect} class="kinds">
          <legend>
            <strong>{group.effect}</strong>
            <span class="quiet small">{group.says}</span>
          </legend>
          {group.kinds.map(({ kind, label, says }) => (
            <label key={kind} class="kind" data-chosen={kind === chosen}>
              <input
                type="radio"
                name="kind"
                value={kind}
                checked={kind === chosen}
                onChange={() => onChoose(kind)}
              />
              <span>
                <span class="kind-name">{label}</span>
                <span class="quiet small">{says}</span>
              </span>
            </label>
          ))}
        </fieldset>
      ))}
    </section>
  )
}

function Rules({ faults, onRemove }: { faults: ActiveFault[] | null; onRemove: (id: number) => void }) {
  if (faults === null) return <Busy />
  if (faults.length === 0)
    return (
      <p class="quiet">
        None: Intercom answers as it should. Add one, let your agent work, and see under Sends what it made of
        it.
      </p>
    )
  return (
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
              onClick={() => onRemove(id)}
            >
              Remove
            </button>
          </div>
          <p class="mono small">
            {rule.kind} · {rule.route}
          </p>
          <p class="quiet small">{inWords(rule)}</p>
        </li>
      ))}
    </ol>
  )
}

/** `30 % of them, after the first 2, at most 5 times; status 503`. */
function inWords({ kind: _, route: __, probability, after, count, seed: ___, ...rest }: Rule): string {
  const when = [
    probability < 1 ? `${Math.round(probability * 100)} % of them` : 'Each of them',
    after > 0 ? `after the first ${after}` : '',
    count === undefined ? '' : count === 1 ? 'once' : `at most ${count} times`,
  ].filter(Boolean)
  const what = Object.entries(rest).map(([name, value]) => `${name} ${value}`)
  return [when.join(', '), what.join(', ')].filter(Boolean).join(' · ')
}

function NewRule({ kind, onAdded }: { kind: Kind | undefined; onAdded: () => void }) {
  const { run, all } = useDo()
  if (kind === undefined) return null
  const add = (event: SubmitEvent) => {
    event.preventDefault()
    const form = event.currentTarget as HTMLFormElement
    const rule = ruleOf(new FormData(form), kind)
    void run({ key: JSON.stringify(rule), slot: 'add', what: 'Adding the rule' }, async () => {
      await ask('POST', path, rule)
      onAdded()
      say('The rule applies from the next request on.')
    })
  }
  return (
    <form class="panel stack" onSubmit={add} aria-labelledby="rule-title">
      <div>
        <h2 id="rule-title">{kind.label}</h2>
        <p class="quiet">{kind.says}</p>
      </div>
      <Labelled
        label="Which requests"
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
      <div class="fields">
        {kind.parameters?.map((parameter) => (
          <Field key={`${kind.kind} ${parameter.name}`} parameter={parameter} />
        ))}
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
        <Labelled label="At most, times">
          {(ids) => <input {...ids} type="number" name="count" min="1" step="1" placeholder="no end" />}
        </Labelled>
      </div>
      <Told of={all} />
      <div class="row">
        <button type="submit" class="primary">
          Add the rule
        </button>
        <span class="quiet small">It applies to requests of this page as well.</span>
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
function ruleOf(form: FormData, kind: Kind): object {
  const given = (name: string) => String(form.get(name) ?? '').trim()
  const own = (kind.parameters ?? []).flatMap(({ name, type }) => {
    const text = given(name)
    return text === '' ? [] : [[name, type === 'number' ? Number(text) : text]]
  })
  const count = given('count')
  return {
    kind: kind.kind,
    ...Object.fromEntries(own),
    route: given('route'),
    probability: Number(given('share')) / 100,
    after: Number(given('after')),
    ...(count === '' ? {} : { count: Number(count) }),
  }
}
