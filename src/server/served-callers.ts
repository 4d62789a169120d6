import { type Caller, type GivenCaller, type ServedCaller, serveCaller } from './caller.ts'
import { isSameKey, type Keyed } from './keys.ts'
import { liveCallers } from './live-callers.ts'
import type { Mount } from './mounts.ts'
import type { Refusal } from './refusal.ts'
import type { Metrics } from './rest/index.ts'
import type { MetricFamily } from './rest/metrics.ts'
import type { SignIn } from './sign-in/sign-in.ts'

/** Who may come, and under which policies. */
export type Admissible = {
  callers: readonly Caller[]
  /** Who comes with an access token of an authorization server. */
  signIn?: SignIn | undefined
}

/** A caller with a key, or everybody where none is needed. */
export type Owner = ServedCaller & Keyed & Pick<Caller, 'choose' | 'chosen' | 'heldBy'>

type Policy = Omit<Caller, 'name' | 'keyHash'>

/** Workspaces chosen by header that are served at once, of all keys. */
const mostChosen = 1000

/**
 * Who is being served: the callers of the configuration, those who come with tokens, and keys in the workspaces that
 * they choose. Throws an `IntercomError` on a policy that names no action or parameter.
 */
export function servedCallers(
  first: Admissible,
  mounts: readonly Mount[],
  serverMetrics?: () => MetricFamily[],
) {
  const allMetrics = new Map<string, Metrics>()
  let owners: readonly Owner[] = []
  let shared: readonly ServedCaller[] = []
  let { signIn } = first
  const withTokens = liveCallers(signIn?.mostLive ?? 0)
  const inWorkspaces = liveCallers(mostChosen)
  prepare(first)()

  function serve(given: GivenCaller): ServedCaller {
    return serveCaller(given, mounts, allMetrics, serverMetrics)
  }

  /**
   * Makes everything for serving others instead. It throws as `servedCallers` does, and has then changed nothing. The
   * function that it returns replaces those who are served, all at once: who stays the same notices nothing, who is gone
   * ends.
   */
  function prepare(next: Admissible): () => void {
    const steps: (() => void)[] = []

    /** `null`: it is not served any longer. */
    function renew(one: ServedCaller, given: GivenCaller | null, end = one.end): void {
      if (given === null) steps.push(() => end())
      else if (!isSame(given, one.given())) steps.push(one.prepare(given))
    }

    function keepOrServe(before: readonly ServedCaller[], given: GivenCaller): ServedCaller {
      const known = named(before, given.name)
      if (known !== undefined) {
        renew(known, given)
        return known
      }
      const made = given.shares === undefined ? serve(given) : serveCaller(given, mounts, new Map())
      made.handler('') // finds mistakes of its policy now
      steps.push(() => made.begin())
      return made
    }

    const nextOwners = next.callers.map((caller): Owner => {
      const before = named(owners, caller.name)
      if (before && !isSameKey(before, caller)) steps.push(() => before.rekey())
      const { keyHash, choose, chosen, heldBy } = caller
      return { ...keepOrServe(owners, caller), keyHash, choose, chosen, heldBy }
    })
    const nextShared = (next.signIn?.shared ?? []).map((one) => keepOrServe(shared, one))
    for (const one of owners) if (!named(nextOwners, one.name)) renew(one, null)
    for (const one of shared) if (!named(nextShared, one.name)) renew(one, null)
    for (const one of withTokens.all())
      renew(one, next.signIn?.renewed(one.given()) ?? null, () => withTokens.end(one.name))
    for (const one of inWorkspaces.all()) {
      const [key = '', id = ''] = one.name.split(':')
      const owner = named(nextOwners, key)
      const before = named(owners, key)
      const policy = owner?.chosen?.(id) ?? null
      if (owner && before && !isSameKey(before, owner)) steps.push(() => one.rekey())
      renew(one, owner && policy ? inWorkspace(owner, id, policy) : null, () => inWorkspaces.end(one.name))
    }
    return () => {
      owners = nextOwners
      shared = nextShared
      signIn = next.signIn
      for (const step of steps) step()
    }
  }

  return {
    /** Who comes with a key, as of now. */
    owners: () => owners,
    /** How tokens are checked, as of now. */
    signIn: () => signIn,
    withToken: (given: GivenCaller): ServedCaller | Refusal => withTokens.of(given.name, () => serve(given)),
    /** The owner of a key in a workspace that it has chosen, under this policy. */
    inWorkspace(owner: Owner, id: string, policy: Policy): ServedCaller | Refusal {
      const given = inWorkspace(owner, id, policy)
      return inWorkspaces.of(given.name, () => serve(given))
    },
    prepare,
    async close() {
      const all = [...owners, ...shared, ...withTokens.all(), ...inWorkspaces.all()]
      await Promise.all(all.map((caller) => caller.close()))
    },
  }
}

function named<One extends { name: string }>(all: readonly One[], name: string): One | undefined {
  return all.find((one) => one.name === name)
}

/** No key has a colon in its name. */
function inWorkspace(owner: Owner, id: string, policy: Policy): GivenCaller {
  const name = `${owner.name}:${id}`
  return { ...policy, name, approvals: owner.heldBy?.(name) }
}

/** Whether two have the same policy in the same workspace. What holds their calls, and who has signed in, is no part of it. */
function isSame(one: GivenCaller, other: GivenCaller): boolean {
  const policyOf = ({ approvals: _, identity: __, ...rest }: GivenCaller) => ({ ...rest, keyHash: null })
  const [a, b] = [policyOf(one), policyOf(other)] as [Record<string, unknown>, Record<string, unknown>]
  return Object.keys({ ...a, ...b }).every((member) => a[member] === b[member])
}
