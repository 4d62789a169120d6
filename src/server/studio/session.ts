import type { IncomingMessage } from 'node:http'
import { actionNamed } from '../../actions/toolsets.ts'
import { json, refused } from '../approvals/answers.ts'
import type { Operator } from '../approvals/operator.ts'
import type { Caller } from '../caller.ts'
import type { KeyOrToken } from '../key-or-token.ts'
import { isSameKey, ownerOf } from '../keys.ts'
import type { KeyContext, MountHandler } from '../mounts.ts'
import { browserSessions, isRefusal, signInOf } from '../sessions.ts'
import { networkOf } from '../stranger-places.ts'
import type { LocalIntercom } from './local.ts'

/** Whose a session is: a caller's, an operator's, or both. `keyHash`: that of the caller's key when they signed in. */
export type Who = { caller: string | null; keyHash: Buffer | null; operator: Operator | null }

const wrongKey = "This is neither an API key, nor an operator's key or access token."

export type StudioSessions = ReturnType<typeof studioSessions>

/** `now`: in ms. */
export function studioSessions(
  callers: readonly Pick<Caller, 'name' | 'keyHash'>[],
  { operatorBy, wrong }: KeyOrToken,
  now?: () => number,
) {
  return browserSessions<Who>(
    {
      cookie: 'modulex_intercom_studio',
      path: '/studio',
      header: 'x-studio-token',
      async whoBy(shown, network) {
        const { name: caller, keyHash } = ownerOf(callers, shown) ?? {}
        if (caller !== undefined && keyHash) return { who: { caller, keyHash, operator: null } }
        const found = await operatorBy(shown, network)
        if (isRefusal(found)) return found.code === 'wrong_key' ? { ...found, error: wrongKey } : found
        return { ...found, who: { caller: null, keyHash: null, operator: found.operator } }
      },
      isStill({ caller, keyHash, operator }) {
        const isOperator = operator?.ended?.signal.aborted !== true
        return (
          isOperator &&
          (caller === null || callers.some((one) => one.name === caller && isSameKey(one, { keyHash })))
        )
      },
      wrong,
    },
    now,
  )
}

type SignInOptions = {
  sessions: StudioSessions
  /** What is served to each caller, by its name. */
  contexts: ReadonlyMap<string, KeyContext>
  local?: LocalIntercom | undefined
  /** Whether the server receives notifications. */
  receives: boolean
}

/** `/studio/api/session`: who is signed in, and sign-in with the code of a link or a key. */
export function sessionHandler({ sessions, contexts, local, receives }: SignInOptions) {
  /** What the page may know of a session: nothing in it is secret. */
  function viewOf({ caller, operator }: Who) {
    const context = caller === null ? undefined : contexts.get(caller)
    const notifications = receives && operator !== null && operator.callers === null
    return {
      name: caller,
      local: local !== undefined,
      operator: operator?.name ?? null,
      notifications,
      views: [
        ...(local === undefined ? [] : ['desk']),
        ...(context === undefined ? [] : ['actions']),
        'sends',
        ...(context === undefined && !notifications ? [] : ['traffic']),
        ...(local === undefined ? [] : ['lab']),
      ],
      workspace: local?.url ?? context?.host ?? null,
      policy: context === undefined ? null : policyOf(context),
    }
  }

  return ({ headers, socket }: IncomingMessage): MountHandler => ({
    async fetch(asked) {
      const known = sessions.find(headers)
      if (asked.method === 'DELETE')
        return json({ signed_out: true }, 200, { 'Set-Cookie': sessions.signOut(headers) })
      if (asked.method !== 'POST')
        return known === null ? refused(401, 'signed_out', 'Nobody is signed in.') : json(viewOf(known.who))
      const given = signInOf(await asked.text())
      if (given === null)
        return refused(400, 'malformed_request', 'A sign-in takes { "code": … } or { "key": … }.')
      const found = await sessions.identify(given, networkOf(socket.remoteAddress ?? ''))
      if (isRefusal(found)) return refused(found.status, found.code, found.error, {}, found.headers)
      // A sign-in on top of another adds to it, under new halves: the old ones are worth nothing then.
      const before = known?.who ?? { caller: null, keyHash: null, operator: null }
      const { caller, keyHash } = found.who.caller === null ? before : found.who
      const who = { caller, keyHash, operator: found.who.operator ?? before.operator }
      const proof = found.who.operator === null ? known?.proof : found
      sessions.signOut(headers)
      const secure = headers.origin?.startsWith('https:') ?? false
      const { token, seconds, cookie } = sessions.begin(who, secure, proof)
      return json({ ...viewOf(who), token, seconds }, 200, { 'Set-Cookie': cookie })
    },
  })
}

function policyOf({ intercom, access }: KeyContext) {
  const { sends = 'allow', approve = [], deny = [] } = access
  const { actions = [], toolsets = [] } = intercom
  const read_only = actions.every((name) => actionNamed(name)?.effect === 'read')
  return { sends, approve, deny, toolsets, read_only }
}
