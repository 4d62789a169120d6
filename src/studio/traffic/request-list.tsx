import { useRef } from 'preact/hooks'
import { useKeys } from '../shell/keys.tsx'
import { Json } from '../shell/parts/json.tsx'
import { Badge, Choice, CopyButton, Empty, type Tone, Words } from '../shell/parts/small.tsx'
import { Split } from '../shell/parts/split.tsx'
import { duration, fullTime } from '../shell/parts/time.tsx'
import { VirtualList } from '../shell/parts/virtual-list.tsx'
import { go, pathOf, route, withQuery } from '../shell/router.tsx'
import { session } from '../shell/session.ts'
import { factsOf } from './facts.ts'
import { type Asked, hasFailed, useRequests } from './requests.ts'

const shown = ['all', 'failed', 'writes'] as const
const labels = { all: 'All', failed: 'Failed', writes: 'Writes' }

/** Every request, as it comes. */
export function RequestList() {
  const { requests, problem, again } = useRequests()
  const filter = useRef<HTMLInputElement>(null)
  const { parts, query } = route.value
  const { q = '' } = query
  const only = shown.find((one) => one === query['only']) ?? 'all'
  useKeys(
    [
      { key: '/', says: 'Filter', run: () => filter.current?.focus() },
      { key: 'Escape', says: 'Close', run: () => go(pathOf('traffic', [], route.peek().query)) },
    ],
    'Requests',
  )
  const words = q.toLowerCase()
  const found = requests.value?.filter(
    (one) =>
      (only === 'all' || (only === 'failed' ? hasFailed(one) : writes(one))) &&
      (words === '' || `${one.method} ${one.path} ${one.route} ${one.status}`.toLowerCase().includes(words)),
  )
  const current = parts[1] ?? null
  const chosen = requests.value?.find(({ key }) => key === current)
  const place = (key: string) => pathOf('traffic', ['requests', key], query)
  return (
    <Split
      isOpen={current !== null}
      back={{ to: pathOf('traffic', [], query), label: 'Requests' }}
      labels={{ list: 'Requests', detail: 'Request' }}
      list={
        <>
          <div class="pane-head">
            <input
              ref={filter}
              class="traffic-filter"
              type="search"
              aria-label="Filter requests"
              placeholder="Filter: path, route, status"
              value={q}
              onInput={(event) => go(withQuery({ q: event.currentTarget.value }), { replace: true })}
            />
            <Choice
              label="Which requests"
              options={shown.map((value) => ({ value, label: labels[value] }))}
              value={only}
              onChoose={(value) =>
                go(withQuery({ only: value === 'all' ? undefined : value }), { replace: true })
              }
            />
          </div>
          <VirtualList
            label="Requests"
            what="request"
            items={found ?? null}
            problem={problem.value}
            onRetry={again}
            rowHeight={52}
            keyOf={({ key }) => key}
            current={current}
            onOpen={({ key }) => go(place(key))}
            hrefOf={({ key }) => `/studio${place(key)}`}
            row={(one) => <Row of={one} />}
            empty={<Nothing isFiltered={requests.value?.length !== 0} />}
          />
        </>
      }
    >
      {chosen !== undefined ? (
        <Whole of={chosen} />
      ) : current !== null && requests.value === null ? null : (
        <Empty
          says={
            current === null
              ? 'Choose a request to see it whole.'
              : 'There is no such request among the latest thousand, which are kept.'
          }
        />
      )}
    </Split>
  )
}

/** Searches are asked by POST too. */
function writes({ method, path }: Asked): boolean {
  return method !== 'GET' && !/\/search(\?|$)/.test(path)
}

function Nothing({ isFiltered }: { isFiltered: boolean }) {
  if (isFiltered) return <Empty says="No request matches the filter." />
  return (
    <Empty
      says={
        session.value?.local === true
          ? 'No client has asked this Intercom yet. Reply on the desk, run an action, or point a program at its URL: each request appears here as it comes.'
          : 'Nothing has been asked of Intercom yet. Run an action: each request appears here as it comes.'
      }
    />
  )
}

function Row({ of: one }: { of: Asked }) {
  return (
    <div class="traffic-row">
      <span class="traffic-what cut">
        <b>{one.method}</b> {one.path.split('?', 1)[0]}
      </span>
      <Status of={one} />
      <span class="traffic-when quiet tiny">
        <ClockTime at={one.at} />
        {one.broke !== null && <span class="traffic-fault"> {one.broke}</span>}
      </span>
      <span class="quiet tiny">{duration(one.ms)}</span>
    </div>
  )
}

function Status({ of: { status } }: { of: Asked }) {
  return <Badge tone={toneOf(status)}>{status ?? 'No answer'}</Badge>
}

function toneOf(status: number | null): Tone {
  if (status === null || status >= 500) return 'bad'
  if (status === 429) return 'warn'
  return status >= 400 ? 'bad' : 'quiet'
}

/** The time of day to the millisecond, which tells requests apart. */
function ClockTime({ at }: { at: number }) {
  const date = new Date(at)
  const ms = String(date.getMilliseconds()).padStart(3, '0')
  return (
    <time dateTime={date.toISOString()} title={fullTime(at)}>
      {date.toLocaleTimeString('en-GB')}.{ms}
    </time>
  )
}

function Whole({ of: one }: { of: Asked }) {
  const { body } = one.all
  return (
    <div class="page">
      <div class="row">
        <h2 class="traffic-title">
          {one.method} {one.path}
        </h2>
        <Status of={one} />
        <span class="push">
          <CopyButton text={`${one.method} ${one.path}`} />
        </span>
      </div>
      <dl class="traffic-facts">
        <div>
          <dt>Asked</dt>
          <dd>{fullTime(one.at)}</dd>
        </div>
        {factsOf(one.all).map(({ label, value }) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{typeof value === 'string' ? <Words text={value} /> : <Json value={value} />}</dd>
          </div>
        ))}
      </dl>
      {typeof body === 'string' && body !== '' && (
        <section class="panel stack" aria-label="Body">
          <h3>Body</h3>
          <Body text={body} />
        </section>
      )}
    </div>
  )
}

/** Only the first 2,000 characters of a body are kept, which need not be whole JSON. */
function Body({ text }: { text: string }) {
  try {
    return <Json value={JSON.parse(text)} depth={4} />
  } catch {
    return (
      <p class="mono traffic-text">
        <Words text={text} />
      </p>
    )
  }
}
