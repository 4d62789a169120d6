import type { IncomingMessage } from 'node:http'
import type { Grant } from '../tools/grant.ts'
import { refused } from './approvals/answers.ts'
import { boundedLive, untilTokenIsShown } from './bounded-live.ts'
import type { ServedCaller } from './caller.ts'
import type { Limits } from './config.ts'
import { forbidden, forwarded, type HostNames, hostGuard, isForwarded } from './host-guard.ts'
import { authenticate, bearerOf, ownerOf } from './keys.ts'
import type { Mount, MountHandler, OnBehalf, OpenMount, Visit } from './mounts.ts'
import { busy, type Refusal } from './refusal.ts'
import { type BodyRules, declaredRefusal } from './request-body.ts'
import { pathOf } from './request-head.ts'
import type { MetricFamily } from './rest/metrics.ts'
import { type Admissible, type Owner, servedCallers } from './served-callers.ts'
import type { SignIn } from './sign-in/sign-in.ts'
import { networkOf, strangerPlaces } from './stranger-places.ts'
import { type WrongKeys, wrongKeys } from './wrong-keys.ts'

/** What decides which requests are admitted. */
export type AdmissionOptions = HostNames &
  Admissible & {
    mounts: readonly Mount[]
    limits: Limits
    /** Metrics of the server itself, for keys that see those of all. */
    metrics?: (() => MetricFamily[]) | undefined
    /** Limits wrong keys, here and wherever else one is tried. */
    wrong?: WrongKeys | undefined
  }

/** A request that may pass: whose it is, who handles it, what its body may be, and how to release its slot. */
export type Admitted = BodyRules & { name: string | null; handler: MountHandler; release(): void }

/** Bytes of all bodies of requests without a key together. */
const strangerBytes = 32 * 1024 * 1024

/** Requests of all operators in flight. */
const operatorRequests = 100

/** Decides by the head of a request alone. Throws an `IntercomError` on a policy that names no action or parameter. */
export function admission(options: AdmissionOptions) {
  const { mounts, limits, metrics, wrong = wrongKeys() } = options
  const guard = hostGuard(options)
  const served = servedCallers(options, mounts, metrics)
  const takePlace = strangerPlaces({ places: limits.concurrentCalls, bytes: strangerBytes })
  const operatorsLive = boundedLive(operatorRequests, 'The group of operators')
  let running = 0
  let operatorsRunning = 0

  function acquire(caller: ServedCaller): (() => void) | Refusal {
    if (running >= limits.concurrentCalls) return busy
    const release = caller.acquire()
    if (typeof release !== 'function') return release
    running += 1
    return () => {
      running -= 1
      release()
    }
  }

  function admitOpen(mount: OpenMount, request: IncomingMessage): Admitted | Refusal {
    const { method = '', headers } = request
    const refusal = mount.judge?.(method, headers)
    if (refusal) return refusal
    const bodyBytes = method === 'GET' || method === 'HEAD' ? 0 : (mount.bodyBytes ?? 0)
    return admitWithoutKey(request, mount.open, bodyBytes, mount.bodySeconds)
  }

  /** Requests without a key have slots of their own, so that they take none of the callers'. */
  function admitWithoutKey(
    request: IncomingMessage,
    handler: MountHandler,
    bodyBytes: number,
    seconds = limits.requestSeconds,
  ): Admitted | Refusal {
    const { socket } = request
    const declared = declaredRefusal(request, bodyBytes)
    if (declared) return declared
    const bodySeconds = Math.min(seconds, limits.requestSeconds)
    const admitted = { name: null, handler, bodyBytes, bodySeconds }
    if (bodyBytes === 0) return { ...admitted, release() {} }
    const place = takePlace(socket.remoteAddress)
    return place === null ? busy : { ...admitted, place, release: place.release }
  }

  /** Operators have slots of their own: they decide also while callers take all of theirs. */
  function admitVisit({ name, handler, bodyBytes }: Visit, request: IncomingMessage): Admitted | Refusal {
    if (name === null) return admitWithoutKey(request, handler, bodyBytes)
    if (operatorsRunning >= operatorRequests) return busy
    operatorsRunning += 1
    const release = () => {
      operatorsRunning -= 1
    }
    return { name, handler, bodyBytes, bodySeconds: limits.requestSeconds, release }
  }

  /** Of a key, in the workspace that it has, or that the request names where the key may choose. */
  function admitKey(owner: Owner, request: IncomingMessage, mount: Mount | undefined) {
    if (owner.choose !== undefined) return admitChosen(owner, owner.choose, request, mount)
    return workspaceHeader in request.headers
      ? { ...choosesNothing, key: owner.name }
      : admitCaller(owner, mount?.path)
  }

  async function admitChosen(
    owner: Owner,
    choose: NonNullable<Owner['choose']>,
    request: IncomingMessage,
    mount: Mount | undefined,
  ): Promise<Admitted | Refusal> {
    const [id = '', ...more] = request.headersDistinct[workspaceHeader] ?? []
    if (!/^[\w-]{1,64}$/.test(id) || more.length > 0) return { ...mustChoose, key: owner.name }
    const policy = await choose(id)
    if (!served.owners().includes(owner)) return await admit(request) // who may come has changed meanwhile
    if ('status' in policy) return { ...policy, key: owner.name }
    const caller = served.inWorkspace(owner, id, policy)
    return 'status' in caller ? caller : admitCaller(caller, mount?.path, undefined, owner)
  }

  /** `grant`: of a caller who comes with a token. `counts`: whose limits hold, where they are another's. */
  function admitCaller(
    caller: ServedCaller,
    path: string | undefined,
    grant?: Grant,
    counts = caller,
  ): Admitted | Refusal {
    const { name } = caller
    const handler = path === undefined ? undefined : caller.handler(path, grant)
    if (handler === undefined) return { ...noSuchPath(mounts), key: name }
    const { bodyBytes, requestSeconds: bodySeconds } = limits
    const release = acquire(counts)
    if (typeof release !== 'function') return { ...release, key: name }
    if (counts === caller) return { name, handler, bodyBytes, bodySeconds, release }
    const own = caller.acquire() // so that it is not idle meanwhile
    if (typeof own !== 'function') {
      release()
      return { ...own, key: name }
    }
    const releaseBoth = () => {
      own()
      release()
    }
    return { name, handler, bodyBytes, bodySeconds, release: releaseBoth }
  }

  function admitOnBehalf({ caller, path, via }: OnBehalf, request: IncomingMessage): Admitted | Refusal {
    const owner = served.owners().find(({ name }) => name === caller)
    if (owner === undefined) return noSuchPath(mounts)
    if (owner.keyHash === null && isForwarded(request)) return forwarded
    const admitted = admitCaller(owner, mountOf(mounts, path)?.path)
    return 'status' in admitted ? admitted : { ...admitted, handler: via(admitted.handler) }
  }

  async function admitToken(
    { identify }: SignIn,
    token: string,
    request: IncomingMessage,
    mount: Mount | undefined,
  ): Promise<Admitted | Refusal> {
    const who = await identify(token)
    if (served.signIn()?.identify !== identify) return await admit(request) // who may come has changed meanwhile
    if ('status' in who) return counted(who, request)
    if (workspaceHeader in request.headers) return choosesNothing
    if ('operator' in who) {
      if (mount === undefined || !('visitBy' in mount))
        return { ...callsNothing, key: `operator:${who.operator.name}` }
      const visit = mount.visitBy(who.operator)
      return admitVisit({ ...visit, handler: operatorsLive(visit.handler, untilTokenIsShown) }, request)
    }
    const caller = served.withToken(who.caller)
    return 'status' in caller ? caller : admitCaller(caller, mount?.path, who.grant)
  }

  function admit(request: IncomingMessage): Admitted | Refusal | Promise<Admitted | Refusal> {
    const path = pathOf(request)
    if (typeof path !== 'string') return path
    const mount = mountOf(mounts, path)
    if (mount !== undefined && 'open' in mount) return admitOpen(mount, request)
    const { host, origin, authorization } = request.headers
    const operators = mount !== undefined && 'visit' in mount ? mount : null
    const refusal = guard({ host, origin: operators?.isOwnPage(request.headers) ? undefined : origin })
    if (refusal) return refusal
    const visit = operators?.visit(request) ?? null
    if (visit !== null) {
      if ('status' in visit) return visit
      return 'caller' in visit ? admitOnBehalf(visit, request) : admitVisit(visit, request)
    }
    const [owners, signIn] = [served.owners(), served.signIn()]
    if (signIn !== undefined) {
      const token = bearerOf(authorization)
      if (token === undefined) return signIn.missing
      const owner = ownerOf(owners, token)
      return owner === undefined ? admitToken(signIn, token, request, mount) : admitKey(owner, request, mount)
    }
    if (owners.length === 0 && operators === null) return noSuchPath(mounts)
    const caller = authenticate(owners, authorization)
    if ('status' in caller) return counted(caller, request)
    if (caller.keyHash !== null) return admitKey(caller, request, mount)
    if (isForwarded(request)) return forwarded
    const admitted = admitKey(caller, request, mount)
    const isTried = operators !== null && authorization !== undefined && 'handler' in admitted
    return isTried ? { ...admitted, handler: refusing(admitted.handler, request) } : admitted
  }

  /** A refusal, or that of too many wrong keys, where it is one. */
  function counted(refusal: Refusal, { socket }: IncomingMessage): Refusal {
    const isWrongKey = refusal.code === 'wrong_key' || refusal.code === 'malformed_token'
    return isWrongKey ? wrong.refused(networkOf(socket.remoteAddress ?? ''), refusal) : refusal
  }

  /** Where everybody may call, a key is wrong where an operator's is needed. */
  function refusing(handler: MountHandler, request: IncomingMessage): MountHandler {
    return {
      async fetch(asked) {
        const answer = await handler.fetch(asked)
        const refusal = answer.status === 403 ? counted(wrongOperatorKey, request) : null
        if (refusal === null || refusal === wrongOperatorKey) return answer
        return refused(refusal.status, refusal.code, refusal.error, {}, refusal.headers)
      },
    }
  }

  return { admit, prepare: served.prepare, close: served.close }
}

/** The longest mounted path that the path is or lies below. */
function mountOf(mounts: readonly Mount[], path: string): Mount | undefined {
  return mounts
    .filter((mount) => path === mount.path || path.startsWith(`${mount.path}/`))
    .toSorted((a, b) => b.path.length - a.path.length)[0]
}

function noSuchPath(mounts: readonly Mount[]): Refusal {
  const paths = mounts.map(({ path }) => path).join(', ')
  return { status: 404, code: 'no_such_path', error: `Nothing is served at this path. Paths: ${paths}.` }
}

const wrongOperatorKey: Refusal = { status: 403, code: 'wrong_key', error: '' }

/** Names the workspace of a request, for keys that may choose one. */
const workspaceHeader = 'intercom-workspace'

const mustChoose: Refusal = {
  status: 400,
  code: 'workspace_missing',
  error: 'Name the workspace of this request by its id in one header Intercom-Workspace.',
}

const choosesNothing = forbidden(
  'workspace_not_chosen',
  'Who calls with this key or sign-in has one workspace and cannot choose another: leave the header Intercom-Workspace out.',
)

const callsNothing = forbidden(
  'operator_calls_nothing',
  'This access token is for deciding on approvals at /approvals. It calls no action.',
)
