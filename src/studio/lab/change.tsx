import { textOf } from '../shell/parts/customer-html.tsx'
import { Badge, CopyButton, Words } from '../shell/parts/small.tsx'
import { fullTime, Time } from '../shell/parts/time.tsx'
import { sentenceCase } from '../shell/sentence-case.ts'

export type FieldChange =
  | { before: unknown; after: unknown }
  | { added: readonly string[]; removed: readonly string[] }

/** A change as the control plane tells it (docs/time-machine.md). */
export type Change = {
  id: number
  at: number
  cause: 'request' | 'clock' | 'control' | 'rewind'
  request_id: string | null
  route: string | null
  token: string | null
  admin_id: string | null
  undone: boolean
  entity: string
  entity_id: string | null
  action: 'created' | 'updated' | 'deleted' | 'replaced'
  fields: Readonly<Record<string, FieldChange>>
  customer_saw: boolean
}

/** `Conversation part`. */
export function entityWords({ entity }: Change): string {
  return sentenceCase(entity)
}

const causes: Readonly<Record<Change['cause'], string>> = {
  request: 'A request',
  clock: 'The clock: a snooze ended',
  control: 'The control plane',
  rewind: 'A rewind',
}

/** Who did it, as a person says it. */
export function authorWords({ cause, admin_id }: Change, admins: ReadonlyMap<string, string>): string {
  if (cause !== 'request') return causes[cause]
  return admin_id === null ? 'Somebody' : (admins.get(admin_id) ?? `Admin ${admin_id}`)
}

/** What changed in a few words: the names of the fields, or the text of a part. */
export function summaryOf({ action, fields }: Change): string {
  const names = Object.keys(fields)
  if (action === 'replaced') return 'All data'
  if (action !== 'updated') {
    const told = telling.map((name) => words(name, fields[name])).find((said) => said !== '')
    return told ?? names.join(', ')
  }
  const [only] = names
  return names.length === 1 && only !== undefined ? `${only}: ${words(only, fields[only])}` : names.join(', ')
}

/** Fields that say what something is, and those that hold HTML: all others hold text. */
const telling = ['body', 'source_body', 'name', 'title', 'part_type']
const htmlFields = new Set(['body', 'source_body'])

/** A field in one line. */
function words(name: string, field: FieldChange | undefined): string {
  if (field === undefined) return ''
  if ('added' in field)
    return [...field.added.map((id) => `+${id}`), ...field.removed.map((id) => `−${id}`)].join(' ')
  const value = field.after ?? field.before
  if (typeof value !== 'string') return JSON.stringify(value ?? null)
  return htmlFields.has(name) ? textOf(value) : value.replace(/\s+/g, ' ').trim()
}

/** All that is known of one change. */
export function ChangeDetail(props: {
  change: Change
  /** What else the same write did. */
  others: readonly Change[]
  admins: ReadonlyMap<string, string>
}) {
  const { change, others, admins } = props
  const { action, at, cause, token, route, request_id, customer_saw, entity_id, undone } = change
  return (
    <article class="change-detail stack">
      <header class="stack">
        <div class="row">
          <h2>{entityWords(change)}</h2>
          <Badge tone={action === 'deleted' ? 'bad' : 'quiet'}>{sentenceCase(action)}</Badge>
          {customer_saw && <Badge tone="warn">The customer saw it</Badge>}
          {undone && <Badge>Taken back</Badge>}
        </div>
        {entity_id !== null && (
          <p class="row">
            <span class="id">{entity_id}</span>
            <CopyButton text={entity_id} />
          </p>
        )}
      </header>
      <dl class="pairs">
        <dt>By</dt>
        <dd>
          <span>
            <Words text={authorWords(change, admins)} />
            {token !== null && <span class="quiet id"> {token}</span>}
          </span>
        </dd>
        <dt>When</dt>
        <dd>
          <span>
            {fullTime(at)}{' '}
            <span class="quiet">
              (<Time at={at} by="workspace" />)
            </span>
          </span>
        </dd>
        {route !== null && cause === 'request' && (
          <>
            <dt>With</dt>
            <dd class="mono">{route}</dd>
          </>
        )}
        {request_id !== null && (
          <>
            <dt>Request</dt>
            <dd class="id">{request_id}</dd>
          </>
        )}
      </dl>
      {Object.entries(change.fields).map(([name, field]) => (
        <Field key={name} name={name} field={field} action={action} />
      ))}
      {others.length > 0 && (
        <section class="stack">
          <h3>In the same write</h3>
          <ul class="stack">
            {others.map((other, index) => (
              <li key={`${other.entity} ${other.entity_id} ${index}`} class="small">
                {entityWords(other)} {other.action}{' '}
                <span class="quiet">{summaryOf(other).slice(0, 120)}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </article>
  )
}

function Field({ name, field, action }: { name: string; field: FieldChange; action: Change['action'] }) {
  return (
    <section class="field-change">
      <h3 class="mono">{name}</h3>
      <div>
        {'added' in field ? (
          <>
            {field.removed.map((id) => (
              <Side key={id} sign="−" text={id} />
            ))}
            {field.added.map((id) => (
              <Side key={id} sign="+" text={id} />
            ))}
          </>
        ) : (
          <Sides name={name} before={field.before} after={field.after} action={action} />
        )}
      </div>
    </section>
  )
}

function Sides(props: { name: string; before: unknown; after: unknown; action: Change['action'] }) {
  const { name, before, after, action } = props
  const [was, is] = [valueText(name, before), valueText(name, after)]
  if (action === 'created') return <Side sign="+" text={is} />
  if (action === 'deleted') return <Side sign="−" text={was} />
  const [start, end] = commonEnds(was, is)
  return (
    <>
      <Side sign="−" text={was} from={start} to={was.length - end} />
      <Side sign="+" text={is} from={start} to={is.length - end} />
    </>
  )
}

/** A value before or after; what differs between `from` and `to` stands out. */
function Side({
  sign,
  text,
  from = 0,
  to = 0,
}: {
  sign: '+' | '−'
  text: string
  from?: number
  to?: number
}) {
  return (
    <p class="side" data-tone={sign === '+' ? 'ok' : 'bad'}>
      <span class="aloud">{sign === '+' ? 'Now: ' : 'Before: '}</span>
      <span aria-hidden="true">{sign}</span>
      <span class="side-text">
        <Words text={text.slice(0, from)} />
        {to > from && (
          <strong>
            <Words text={text.slice(from, to)} />
          </strong>
        )}
        <Words text={text.slice(Math.max(from, to))} />
      </span>
    </p>
  )
}

/** As text; a time of Intercom's with what it says to a person. */
function valueText(name: string, value: unknown): string {
  if (value === null || value === undefined) return 'nothing'
  if (typeof value === 'string') return value === '' ? 'an empty text' : value
  if (typeof value === 'number' && /_(at|until|since)$/.test(name))
    return `${value} (${fullTime(value * 1000)})`
  return JSON.stringify(value)
}

/** How much two texts share at their start and at their end, up to whole words. */
function commonEnds(one: string, two: string): [start: number, end: number] {
  const most = Math.min(one.length, two.length)
  let start = 0
  while (start < most && one[start] === two[start]) start += 1
  while (start > 0 && /\w/.test(one[start - 1] ?? '')) start -= 1
  let end = 0
  while (end < most - start && one.at(-1 - end) === two.at(-1 - end)) end += 1
  while (end > 0 && /\w/.test(one.at(-end) ?? '')) end -= 1
  return [start, end]
}
