import { useKeys } from '../shell/keys.tsx'
import { Code, Json } from '../shell/parts/json.tsx'
import { Badge, Busy, Empty, Problem, Told, type Tone } from '../shell/parts/small.tsx'
import { Split } from '../shell/parts/split.tsx'
import { duration, Time } from '../shell/parts/time.tsx'
import { VirtualList } from '../shell/parts/virtual-list.tsx'
import { useDo, useRead } from '../shell/read.ts'
import { go, pathOf, route } from '../shell/router.tsx'
import { say } from '../shell/said.tsx'
import { ask } from '../shell/server.ts'
import { useGrowing } from './growing.ts'

type Delivery = {
  id: number
  notification_id: string | null
  app: string
  url: string
  topic: string
  attempt: number
  /** Unix seconds of the local Intercom's clock. */
  sent_at: number
  took_ms: number
  status: number | null
  error: string | null
  outcome: string
}

type Subscription = { app: string; url: string; active: boolean; queued: number }

const outcomes: Readonly<Record<string, [label: string, tone: Tone]>> = {
  delivered: ['Delivered', 'ok'],
  will_retry: ['Failed, will retry', 'warn'],
  throttled: ['Throttled by a 429', 'warn'],
  failed: ['Failed', 'bad'],
  dropped: ['Dropped', 'bad'],
  disabled: ['Disabled by a 410', 'bad'],
  suspended: ['Suspended', 'bad'],
}

/** What the local Intercom sends to the endpoints of apps. */
export function Webhooks() {
  const { entries, problem, again } = useGrowing<Delivery>(
    '/workspace/deliveries',
    '/workspace/deliveries',
    ({ id }) => String(id),
    (body) => (body as { deliveries: Delivery[] }).deliveries.toReversed(),
  )
  const current = route.value.parts[1] ?? null
  const chosen = entries.value?.find(({ id }) => String(id) === current)
  const place = (id: number) => pathOf('traffic', ['webhooks', String(id)])
  useKeys([{ key: 'Escape', says: 'Close', run: () => go(pathOf('traffic', ['webhooks'])) }], 'Webhooks')
  return (
    <Split
      isOpen={current !== null}
      back={{ to: pathOf('traffic', ['webhooks']), label: 'Deliveries' }}
      labels={{ list: 'Deliveries', detail: 'Delivery' }}
      list={
        <>
          <Subscriptions of={entries.value?.length ?? 0} />
          <VirtualList
            label="Deliveries"
            what="delivery"
            items={entries.value}
            problem={problem.value}
            onRetry={again}
            rowHeight={52}
            keyOf={({ id }) => String(id)}
            current={current}
            onOpen={({ id }) => go(place(id))}
            hrefOf={({ id }) => `/studio${place(id)}`}
            row={(one) => <Row of={one} />}
            empty={<Nothing />}
          />
        </>
      }
    >
      {chosen !== undefined ? (
        <Whole key={chosen.id} of={chosen} />
      ) : current !== null && entries.value === null ? null : (
        <Empty
          says={
            current === null
              ? 'Choose a delivery to see what was sent.'
              : 'This delivery is not kept any more.'
          }
        />
      )}
    </Split>
  )
}

/** Where notifications go, read anew with each delivery. */
function Subscriptions({ of: count }: { of: number }) {
  const { body } = useRead<{ webhooks: Subscription[] }>('/workspace/webhooks', 5000)
  const all = body.value?.webhooks ?? []
  if (all.length === 0 && count === 0) return null
  return (
    <div class="pane-head small">
      {all.map(({ app, url, active, queued }) => (
        <span key={app} class="traffic-subscription">
          <Badge tone={active ? 'ok' : 'bad'}>{active ? 'Active' : 'Disabled'}</Badge>
          <span class="cut">{url}</span>
          {queued > 0 && <span class="quiet">{queued} waiting</span>}
        </span>
      ))}
    </div>
  )
}

function Nothing() {
  return (
    <Empty says="Nothing has been sent yet. Start the local Intercom with an endpoint of yours, and each notification shows here with what came of it.">
      <Code label="Shell" text="modulex-intercom studio --webhook http://127.0.0.1:3000/intercom" />
    </Empty>
  )
}

function Outcome({ of: { outcome } }: { of: Delivery }) {
  const [label, tone] = outcomes[outcome] ?? [outcome, 'quiet']
  return <Badge tone={tone}>{label}</Badge>
}

function Row({ of: one }: { of: Delivery }) {
  return (
    <div class="traffic-row">
      <span class="traffic-what cut">{one.topic}</span>
      <Outcome of={one} />
      <span class="quiet tiny">
        <Time at={one.sent_at * 1000} by="workspace" />
        {one.attempt > 1 && ` · attempt ${one.attempt}`}
      </span>
      <span class="quiet tiny">{one.status ?? one.error ?? ''}</span>
    </div>
  )
}

function Whole({ of: one }: { of: Delivery }) {
  const { body, problem, again } = useRead<{ payload: object }>(`/workspace/deliveries?id=${one.id}`)
  const sending = useDo()
  const sendAgain = () =>
    void sending.run({ key: 'again', what: 'Sending it again' }, async () => {
      await ask('POST', `/workspace/deliveries?id=${one.id}`)
      say('Sent again, under the same id.')
    })
  useKeys([{ key: 'r', says: 'Send again', run: sendAgain }], 'Delivery')
  return (
    <div class="page">
      <div class="row">
        <h2 class="traffic-title">{one.topic}</h2>
        <Outcome of={one} />
        <button type="button" class="push" disabled={sending.isBusy} onClick={sendAgain}>
          Send again
        </button>
      </div>
      <Told of={sending.all} />
      <dl class="traffic-facts">
        {facts(one).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <section class="panel stack" aria-label="Payload">
        <h3>Payload</h3>
        {problem.value !== null && <Problem onRetry={again}>{problem.value}</Problem>}
        {body.value === null ? (
          problem.value === null && <Busy />
        ) : (
          <Json value={body.value.payload} depth={4} />
        )}
      </section>
    </div>
  )
}

function facts(one: Delivery): [string, string][] {
  return [
    ['To', one.url],
    ['Id', one.notification_id ?? 'none: a ping has none'],
    ['Attempt', String(one.attempt)],
    ['Answer', one.status === null ? (one.error ?? 'none') : String(one.status)],
    ['Took', duration(one.took_ms)],
  ]
}
