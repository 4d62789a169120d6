import { json, refused } from './approvals/answers.ts'
import type { Operator } from './approvals/operator.ts'
import { whileOperator } from './approvals/while-operator.ts'
import { ownerIn } from './keys.ts'
import type { MountHandler, OperatorMount, Visit } from './mounts.ts'
import { misplaced } from './rest/call-query.ts'

/**
 * `refused`: it was not taken; `duplicate`: it was known; `waiting` to be handled; `will_retry`: handling it failed, and is
 * tried again; `failed` for good.
 */
export type NotificationState = 'refused' | 'duplicate' | 'waiting' | 'handled' | 'will_retry' | 'failed'

/** A notification that came, or tried to. Times are Unix ms. */
export type NotificationRow = {
  /** In this list, of this process alone. */
  id: string
  /** Intercom's; `null` of one that was refused. */
  notification_id: string | null
  topic: string | null
  /** `null` of one that an earlier process took. */
  received_at: number | null
  changed_at: number
  /** Whether its signature was right. Of what was refused nobody has vouched for anything. */
  verified: boolean
  /** What its sender was answered. */
  status: number | null
  /** Why it was refused. */
  code: string | null
  state: NotificationState
  /** How often it was handled. */
  attempts: number
  /** Why handling it failed last. */
  error: string | null
}

type Kept = { row: NotificationRow; body: string | null }

/** Rows that are kept of what was taken, and, apart, of what was refused: strangers push nothing out. */
const mostTaken = 500
const mostRefused = 200
/** Characters of payloads that are kept together. */
const mostText = 8 * 1024 * 1024

export type Notifications = ReturnType<typeof notificationsLog>

/** What `/webhooks` receives, in memory only: what was taken with its payload, what was refused without. */
export function notificationsLog(now: () => number = Date.now) {
  const taken = new Map<string, Kept>() // by Intercom's id, the one that came last behind
  let turnedDown: Kept[] = []
  let count = 0
  let text = 0

  function rowOf(fields: Partial<NotificationRow> & Pick<NotificationRow, 'state'>): NotificationRow {
    count += 1
    const at = now()
    return {
      ...{ id: String(count), notification_id: null, topic: null, received_at: at, changed_at: at },
      ...{ verified: false, status: null, code: null, attempts: 0, error: null },
      ...fields,
    }
  }

  function keep(key: string, row: NotificationRow, body: string): void {
    taken.set(key, { row, body })
    text += body.length
    for (const [oldest, one] of taken) {
      if (taken.size > mostTaken) drop(oldest, one)
      else if (text <= mostText) break
      else {
        text -= one.body?.length ?? 0
        one.body = null
      }
    }
  }

  function drop(key: string, { body }: Kept): void {
    text -= body?.length ?? 0
    taken.delete(key)
  }

  return {
    /** It was not taken, with this status and code. */
    refused(status: number, code: string): void {
      turnedDown = [
        ...turnedDown.slice(1 - mostRefused),
        { row: rowOf({ state: 'refused', status, code }), body: null },
      ]
    },
    /** Its signature was right, and it is on disk, or was already. */
    received(body: string, status: number, isDuplicate: boolean): void {
      const { id, topic } = named(body)
      const key = id ?? `${topic} ${count}`
      const known = taken.get(key)
      if (isDuplicate && known !== undefined) return
      if (known !== undefined)
        Object.assign(known.row, { received_at: known.row.changed_at, status }) // handled by now
      else {
        const state = isDuplicate ? 'duplicate' : 'waiting'
        keep(key, rowOf({ notification_id: id, topic, verified: true, status, state }), body)
      }
    },
    /** An attempt to handle it has ended. */
    handled(key: string, body: string, attempt: number, error: string | null): void {
      if (!taken.has(key)) {
        const { topic } = named(body)
        const known = { notification_id: key, topic, verified: true, received_at: null }
        keep(key, rowOf({ ...known, state: 'waiting' }), body)
      }
      const state = error === null ? 'handled' : 'will_retry'
      const found = taken.get(key)
      if (found) Object.assign(found.row, { state, error, attempts: attempt, changed_at: now() })
    },
    /** It is not tried again. */
    failed(key: string): void {
      const found = taken.get(key)
      if (found) Object.assign(found.row, { state: 'failed', changed_at: now() })
    },
    /** It waits again. */
    waiting(key: string): void {
      const found = taken.get(key)
      if (found) Object.assign(found.row, { state: 'waiting', changed_at: now() })
    },
    /** The newest first. */
    list(limit: number): NotificationRow[] {
      const all = [...taken.values(), ...turnedDown].map(({ row }) => row)
      return all.toSorted((a, b) => Number(b.id) - Number(a.id)).slice(0, limit)
    },
    get(id: string): { row: NotificationRow; payload: unknown } | null {
      const found = [...taken.values(), ...turnedDown].find(({ row }) => row.id === id)
      if (found === undefined) return null
      return { row: found.row, payload: found.body === null ? null : (JSON.parse(found.body) as unknown) }
    },
  }
}

/** A body that was checked when it came. */
function named(body: string): { id: string | null; topic: string | null } {
  const { id, topic } = JSON.parse(body) as { id?: string | null; topic?: string }
  return { id: id ?? null, topic: topic ?? null }
}

/**
 * `/notifications`, for operators who see all callers: payloads hold what customers wrote, of the whole workspace, which
 * no API key and no operator of some of them was given. `retry`: has a failed one handled again.
 */
export function notificationsMount(
  log: Notifications,
  retry: (key: string) => Promise<boolean>,
  operators: readonly Operator[] = [],
): OperatorMount {
  async function answer(request: Request): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url)
    const [, id, again] = /^\/notifications(?:\/(\d+)(\/retry)?)?$/.exec(pathname) ?? []
    const takes = again === undefined ? ['GET', 'HEAD'] : ['POST']
    if (pathname !== '/notifications' && id === undefined)
      return refused(404, 'no_such_path', 'Nothing is served at this path.')
    if (!takes.includes(request.method))
      return refused(
        405,
        'method_not_allowed',
        `This path takes ${takes[0]} only.`,
        {},
        { Allow: takes.join(', ') },
      )
    if (id === undefined) {
      const limit = searchParams.get('limit') ?? '100'
      const isNumber = /^\d{1,3}$/.test(limit) && Number(limit) >= 1
      if (!isNumber || misplaced(searchParams, ['limit']) !== undefined)
        return refused(400, 'invalid_query', 'The query takes limit (1 to 999), once, and nothing else.')
      return json({ notifications: log.list(Number(limit)) })
    }
    const found = log.get(id)
    if (found === null)
      return refused(404, 'no_such_notification', 'There is none, or it is not kept any more.')
    if (again === undefined) return json({ ...found.row, payload: found.payload })
    const { notification_id } = found.row
    if (notification_id === null || !(await retry(notification_id)))
      return refused(409, 'not_failed', 'Only what has failed for good is handled again on request.')
    log.waiting(notification_id)
    return json({ ...found.row, payload: found.payload })
  }

  function visitBy(operator: Operator): Visit {
    const { name, callers } = operator
    const handler: MountHandler = { fetch: callers === null ? answer : () => operatorsOfAll() }
    return { name: `operator:${name}`, handler: whileOperator(operator, handler), bodyBytes: 0 }
  }

  return {
    path: '/notifications',
    isOwnPage: () => false,
    handler: () => ({ fetch: () => operatorsOfAll() }),
    visitBy,
    visit({ headers }) {
      const operator = ownerIn(operators, headers.authorization)
      return operator === undefined ? null : visitBy(operator)
    },
  }
}

function operatorsOfAll(): Response {
  return refused(
    403,
    'not_an_operator',
    "Notifications hold what customers wrote, of the whole workspace. Only an operator of all API keys may see them: use an operator's key.",
  )
}
