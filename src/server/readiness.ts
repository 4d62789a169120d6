import { type Connection, ownerOf } from '../client/credentials.ts'
import type { PermitSource } from '../client/rate-limit/budget.ts'
import { tokenOwner } from '../client/token-owner.ts'
import type { Workspaces } from '../connect/index.ts'
import { IntercomError } from '../errors.ts'
import type { Mount } from './mounts.ts'

/** Why a server is not ready: a code, and a sentence of ours that quotes no answer and no credential. */
export type NotReady = { code: string; error: string }

/** Answers `null` when ready. */
export type ReadinessCheck = () => Promise<NotReady | null>

/** How long an answer of Intercom counts, ms. */
const validMs = 30_000
/** How long Intercom is waited for, ms. */
const deadlineMs = 5_000

/** Asks Intercom whether a token works: at most once in thirty seconds, for all who ask in that time. */
export function tokenCheck(credentials: Connection, now = () => performance.now()): ReadinessCheck {
  let askedAt = Number.NEGATIVE_INFINITY
  let answer: Promise<NotReady | null> = Promise.resolve(null)
  return () => {
    if (now() - askedAt >= validMs) {
      askedAt = now()
      answer = askOnce(credentials)
    }
    return answer
  }
}

/** Two requests a minute need no permit, and must not wait behind calls that hang, nor for a rate limit to end. */
function askOnce(credentials: Connection): Promise<NotReady | null> {
  const limited = new AbortController()
  const permits: PermitSource = {
    lease: async ({ reports }) => {
      if (reports.some(({ refused }) => refused !== null)) limited.abort()
      return { lease: null, pauses: 0 }
    },
  }
  const { ask } = tokenOwner(credentials, undefined, { deadlineMs, permits, signal: limited.signal })
  return ask().then(
    () => null,
    (error: unknown) => (limited.signal.aborted ? null : reasonOf(error)),
  )
}

function reasonOf(error: unknown): NotReady | null {
  if (!(error instanceof IntercomError)) return { code: 'internal_error', error: 'The check itself failed.' }
  const { status, code, message } = error
  if (status === 401) return { code: 'token_rejected', error: 'Intercom rejects the access token (401).' }
  if (code === 'unreadable_answer')
    return { code: 'intercom_failed', error: 'Intercom gave an answer that cannot be read.' }
  if (status !== null) return { code: 'intercom_failed', error: `Intercom answered with status ${status}.` }
  return { code: 'intercom_unreachable', error: `Intercom does not answer: ${message}.` }
}

/**
 * Ready while one of the workspaces can be used: a revoked token of one must not take a server from the others. Each
 * is given once for each of its keys.
 */
export function workspacesCheck(workspaces: readonly Connection[]): ReadinessCheck {
  const isSame = (one: Connection) => (other: Connection) =>
    one.origin === other.origin && one.prefix === other.prefix && ownerOf(one) === ownerOf(other)
  const checks = workspaces
    .filter((one, at) => workspaces.findIndex(isSame(one)) === at)
    .map((one) => tokenCheck(one))
  return async () => {
    const answers = await Promise.all(checks.map((check) => check()))
    return answers.includes(null) ? null : (answers[0] ?? null) // without a workspace there is nothing to ask
  }
}

/** Unusable workspaces that are listed one by one. */
const mostListed = 100

/**
 * The connected workspaces whose token cannot be used, as far as calls have shown. Their names are customers', and anybody may
 * ask: ids have to do. Nothing where the store cannot be read, which makes a server unready.
 */
export async function unusableIn(workspaces: Pick<Workspaces, 'list'>): Promise<object> {
  const all = await workspaces.list().catch(() => [])
  const unusable = all.filter(({ state }) => state !== 'connected')
  if (unusable.length === 0) return {}
  const listed = unusable.slice(0, mostListed)
  return {
    unusable_workspaces: unusable.length,
    workspaces: listed.map(({ id, state, refused_at }) => ({ id, state, refused_at })),
  }
}

/**
 * Whether calls can be made now, for load balancers: beside `/healthz`, which says only that the server runs. `more`:
 * what else it tells, nothing of it secret.
 */
export function readyMount(check: ReadinessCheck, more: () => object | Promise<object> = () => ({})): Mount {
  return {
    path: '/readyz',
    open: {
      async fetch() {
        const reason = await check()
        const besides = await more()
        const [body, status] =
          reason === null
            ? [{ status: 'ok', ...besides }, 200]
            : [{ status: 'not_ready', ...reason, ...besides }, 503]
        const headers = { 'Cache-Control': 'no-store', ...(reason === null ? {} : { 'Retry-After': '30' }) }
        return Response.json(body, { status, headers })
      },
    },
  }
}
