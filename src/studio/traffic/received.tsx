import { useKeys } from '../shell/keys.tsx'
import { Json } from '../shell/parts/json.tsx'
import { Badge, Busy, Empty, Problem, Told, type Tone } from '../shell/parts/small.tsx'
import { Split } from '../shell/parts/split.tsx'
import { Time } from '../shell/parts/time.tsx'
import { VirtualList } from '../shell/parts/virtual-list.tsx'
import { useDo, useRead } from '../shell/read.ts'
import { go, pathOf, route } from '../shell/router.tsx'
import { say } from '../shell/said.tsx'
import { ask } from '../shell/server.ts'

/** As `GET /notifications` tells it (docs/webhooks.md); times in Unix ms. */
type Notification = {
  id: string
  notification_id: string | null
  topic: string | null
  received_at: number | null
  changed_at: number
  verified: boolean
  status: number | null
  code: string | null
  state: string
  attempts: number
  error: string | null
}

const states: Readonly<Record<string, [label: string, tone: Tone]>> = {
  refused: ['Refused', 'bad'],
  duplicate: ['Duplicate', 'quiet'],
  waiting: ['Waiting', 'warn'],
  handled: ['Handled', 'ok'],
  will_retry: ['Failed, will retry', 'warn'],
  failed: ['Failed', 'bad'],
}

const everyMs = 1000

/** What Intercom sends to this server's endpoint. */
export function Received() {
  const { body, problem } = useRead<{ notifications: Notification[] }>('/notifications?limit=999', everyMs)
  const current = route.value.parts[1] ?? null
  const chosen = body.value?.notifications.find(({ id }) => id === current)
  const place = (id: string) => pathOf('traffic', ['received', id])
  useKeys([{ key: 'Escape', says: 'Close', run: () => go(pathOf('traffic', ['received'])) }], 'Received')
  return (
    <Split
      isOpen={current !== null}
      back={{ to: pathOf('traffic', ['received']), label: 'Notifications' }}
      labels={{ list: 'Notifications', detail: 'Notification' }}
      list={
        <VirtualList
          label="Notifications"
          what="notification"
          items={body.value?.notifications ?? null}
          problem={problem.value}
          rowHeight={52}
          keyOf={({ id }) => id}
          current={current}
          onOpen={({ id }) => go(place(id))}
          hrefOf={({ id }) => `/studio${place(id)}`}
          row={(one) => <Row of={one} />}
          empty={
            <Empty says="Nothing has come yet. Each notification that Intercom sends to /webhooks shows here with what came of it." />
          }
        />
      }
    >
      {chosen !== undefined ? (
        <Whole key={`${chosen.id} ${chosen.changed_at}`} of={chosen} />
      ) : current !== null && body.value === null ? null : (
        <Empty
          says={
            current === null
              ? 'Choose a notification to see what came.'
              : 'This notification is not kept any more.'
          }
        />
      )}
    </Split>
  )
}

function State({ of: { state } }: { of: Notification }) {
  const [label, tone] = states[state] ?? [state, 'quiet']
  return <Badge tone={tone}>{label}</Badge>
}

function Row({ of: one }: { of: Notification }) {
  return (
    <div class="traffic-row">
      <span class="traffic-what cut">{titleOf(one)}</span>
      <State of={one} />
      <span class="quiet tiny">
        <Time at={one.received_at ?? one.changed_at} />
        {one.attempts > 1 && ` · attempt ${one.attempts}`}
      </span>
      <span class="quiet tiny cut">{one.code ?? one.error ?? ''}</span>
    </div>
  )
}

function titleOf({ topic, status }: Notification): string {
  return topic ?? `Answered ${status}`
}

function Whole({ of: one }: { of: Notification }) {
  const { body, problem, again } = useRead<{ payload: object | null }>(`/notifications/${one.id}`)
  const retrying = useDo()
  const retry = () =>
    void retrying.run({ key: 'again', what: 'Handling it again' }, async () => {
      await ask('POST', `/notifications/${one.id}/retry`)
      say('It is handled again.')
    })
  return (
    <div class="page">
      <div class="row">
        <h2 class="traffic-title">{titleOf(one)}</h2>
        <State of={one} />
        {one.state === 'failed' && (
          <button type="button" class="push" disabled={retrying.isBusy} onClick={retry}>
            Handle again
          </button>
        )}
      </div>
      <Told of={retrying.all} />
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
        ) : body.value.payload === null ? (
          <p class="quiet">
            {one.verified ? 'It is not kept any more.' : 'What nobody has vouched for is not kept.'}
          </p>
        ) : (
          <Json value={body.value.payload} depth={4} />
        )}
      </section>
    </div>
  )
}

function facts(one: Notification): [string, string][] {
  return [
    ['Signature', one.verified ? 'Verified' : 'Not verified'],
    ['Id', one.notification_id ?? 'none'],
    [
      'Answered',
      one.status === null ? 'by an earlier process' : [one.status, one.code].filter(Boolean).join(' '),
    ],
    ['Handled', one.attempts === 0 ? 'not yet' : `${one.attempts} ${one.attempts === 1 ? 'time' : 'times'}`],
    ...(one.error === null ? [] : ([['Error', one.error]] as [string, string][])),
  ]
}
