import { createHash } from 'node:crypto'
import type { Journal } from '../../core/journal.ts'
import { ended, IntercomError, invalidInput } from '../../errors.ts'
import type { Grant } from '../../tools/grant.ts'
import type { Operator } from '../approvals/operator.ts'
import type { Caller } from '../caller.ts'
import { type CallerPolicy, policyOf } from '../configured-callers.ts'
import { ownerOf } from '../keys.ts'
import type { CallerApprovals, OpenMount } from '../mounts.ts'
import type { Refusal } from '../refusal.ts'
import { resolvedOf, type Sources } from '../secrets.ts'
import { type Challenges, challengesOf } from './challenges.ts'
import { checkOf } from './check.ts'
import { type AllowConfig, type AuthConfig, approveScope, type CallScope, callScopes } from './config.ts'
import { grantOf } from './grants.ts'
import { type Identity, identityOf, refusedToken } from './token.ts'

type SharedCaller = Omit<Caller, 'keyHash'>

/** Whose token it is: an operator's, or a caller's, with what the token allows. */
export type SignedIn =
  | { operator: Operator /** Unix ms. */; until: number | undefined }
  | { caller: SharedCaller; grant: Grant }

/** Who signs in at the moment: it changes when the configuration is read again. */
export type CurrentSignIn = { current: SignIn | undefined }

/** What knows callers by access tokens of an authorization server. */
export type SignIn = {
  /** Never rejects for anything that a caller or the authorization server did. */
  identify(token: string): Promise<SignedIn | Refusal>
  /** The refusal of a request without a token. */
  missing: Refusal
  /** The entries of the configuration, each with the client that its callers share. */
  shared: readonly SharedCaller[]
  /** Callers that are served at once. */
  mostLive: number
  /** Where clients learn who issues tokens for this server. */
  mount: OpenMount
  /** What may be wrong, for whoever starts the server. */
  warnings: readonly string[]
  /** The same caller under these entries; `null` where they are not open to it. */
  renewed(caller: SharedCaller): SharedCaller | null
  /** The name of the entry that is for somebody, in `shared`; `null` where none is. */
  entryOf(identity: Pick<Identity, 'issuer' | 'subject' | 'client'>): string | null
  /** The same authorization server, with other entries. Throws an `IntercomError` that names the wrong place. */
  withEntries(allow: readonly AllowConfig[]): SignIn
}

export type SignInOptions = {
  publicUrl: string
  sources: Sources
  journal?: Journal | undefined
  operators?: readonly Operator[]
  /** What holds the calls of a caller that need a person. */
  heldBy?: (caller: string, identity?: Identity) => CallerApprovals
}

/** Asks the authorization server for its metadata and keys. Throws an `IntercomError` that says what is wrong. */
export async function signInOf(config: AuthConfig, options: SignInOptions): Promise<SignIn> {
  const rules = rulesOf(config.allow, options)
  const challenges = challengesOf(options.publicUrl, config.scopes)
  const checked = await checkOf(config, challenges.resource, options.sources)
  return signInBy(rules, { ...options, config, challenges, ...checked, grants: new Map() })
}

/** What does not depend on its entries. */
type Asking = SignInOptions &
  Awaited<ReturnType<typeof checkOf>> & {
    config: AuthConfig
    challenges: Challenges
    grants: Map<string, Grant>
  }

function signInBy(rules: readonly Rule[], asking: Asking): SignIn {
  const { config, operators = [], heldBy, challenges, check, warnings, grants } = asking
  const { issuer, scopes, client_claim: clientClaim, scope_claim: scopeClaim } = config

  async function identityIn(token: string): Promise<Identity> {
    if (ownerOf(operators, token) !== undefined)
      throw refusedToken('wrong_key', "An operator's key calls no action") // nor is it shown to anybody
    return identityOf(await check(token), { issuer, clientClaim, scopeClaim })
  }

  function signedIn(identity: Identity): SignedIn | Refusal {
    const { subject, client } = identity
    if (operators.some((one) => one.signIn?.client === client)) {
      const operator = operators.find(
        (one) => one.signIn?.client === client && one.signIn.subject === subject,
      )
      if (operator === undefined || !identity.scopes.includes(approveScope)) return noOperator
      return { operator, until: identity.until }
    }
    const rule = rules.find((one) => one.takes(identity))
    if (rule === undefined) return notAllowed
    const granted = callScopes.filter((scope) => identity.scopes.includes(scope))
    if (granted.length === 0) return { ...challenges.noScope, key: callerName(identity) }
    return { caller: callerOf(identity, rule), grant: knownGrant(granted) }
  }

  function callerOf(identity: Identity, { policyFor }: Rule): SharedCaller {
    const name = callerName(identity)
    const { own, ...policy } = policyFor(identity)
    return { ...policy, name, identity, intercom: own, approvals: heldBy?.(name, identity) }
  }

  function knownGrant(granted: readonly CallScope[]): Grant {
    const known =
      grants.get(granted.join()) ?? grantOf(granted, scopes.length < callScopes.length, challenges)
    grants.set(granted.join(), known)
    return known
  }

  return {
    identify: (token) => identityIn(token).then(signedIn, (error: unknown) => refusalOf(error, challenges)),
    missing: challenges.missing,
    shared: rules
      .flatMap(({ policies }) => policies)
      .map(({ own: _, ...policy }) => ({
        ...policy,
        name: policy.shares,
        approvals: heldBy?.(policy.shares),
      })),
    mostLive: config.live_callers,
    mount: challenges.mountFor(issuer),
    warnings,
    renewed({ identity }) {
      const rule = identity && rules.find((one) => one.takes(identity))
      return rule === undefined ? null : callerOf(identity as Identity, rule)
    },
    entryOf: (identity) =>
      (identity.issuer === issuer && rules.find((one) => one.takes(identity))?.policyFor(identity).shares) ||
      null,
    withEntries: (allow) => signInBy(rulesOf(allow, asking, rules), asking),
  }
}

/** `own`: its client, for one of those who share it: they do not close it. */
type SharedPolicy = CallerPolicy & { shares: string; own: Caller['intercom'] }

type Rule = {
  /** What its entry said, as `resolvedOf` tells it. */
  made: string
  takes(identity: Pick<Identity, 'subject' | 'client'>): boolean
  policies: readonly SharedPolicy[]
  /** The workspace and the policy of one of those it is for. */
  policyFor(identity: Pick<Identity, 'subject'>): SharedPolicy
}

/** Those of `before` that say the same, at the same place, are taken over. */
function rulesOf(
  allow: readonly AllowConfig[],
  { sources, journal }: Pick<SignInOptions, 'sources' | 'journal'>,
  before: readonly Rule[] = [],
): Rule[] {
  return allow.map((entry, index) => {
    const place = `auth.allow[${index}]`
    const made = resolvedOf(entry, place, sources)
    const known = before[index]
    return known?.made === made ? known : { ...ruleOf(entry, place, sources, journal), made }
  })
}

function ruleOf(
  entry: AllowConfig,
  place: string,
  sources: Sources,
  journal: Journal | undefined,
): Omit<Rule, 'made'> {
  const { subjects, clients, workspace_of_subject: workspaceOf, ...rest } = entry
  const policyIn = (workspace: string | undefined): SharedPolicy => {
    const policy = policyOf({ ...rest, workspace }, place, sources, journal)
    const shares = workspaceOf === undefined ? place : `${place}:${workspace}`
    return { ...policy, shares, own: { ...policy.intercom, close: async () => {} } }
  }
  const ids = workspaceOf === undefined ? [rest.workspace] : [...new Set(Object.values(workspaceOf))]
  const byWorkspace = new Map(ids.map((id) => [id, policyIn(id)]))
  if (byWorkspace.size === 0) throw invalidInput(`${place}.workspace_of_subject names nobody`)
  return {
    policies: [...byWorkspace.values()],
    takes: ({ subject, client }) =>
      (subjects?.includes(subject) ?? true) &&
      (clients?.includes(client) ?? true) &&
      (workspaceOf === undefined || Object.hasOwn(workspaceOf, subject)),
    policyFor({ subject }) {
      const policy = byWorkspace.get(workspaceOf?.[subject] ?? rest.workspace)
      if (policy === undefined) throw new Error(`${place} has no workspace for a subject that it takes`)
      return policy
    },
  }
}

/**
 * The name of a caller: for people its subject, and what nobody can choose: a digest of issuer, subject and client. With an
 * `@` it is never the name of a key.
 */
function callerName({ issuer, subject, client }: Pick<Identity, 'issuer' | 'subject' | 'client'>): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([issuer, subject, client]))
    .digest('base64url')
  return `${subject.replaceAll(/[^\w.-]+/g, '-').slice(0, 24)}@${digest.slice(0, 24)}`
}

function refusalOf(error: unknown, challenges: Challenges): Refusal {
  if (!(error instanceof IntercomError)) throw error
  const { code, message } = error
  if (code === 'sign_in_unavailable')
    return {
      status: 503,
      code,
      error:
        'The authorization server cannot be asked about this access token. Retry later with the same token.',
      headers: { 'Retry-After': '15' },
    }
  return challenges.invalid(code, `${ended(message)} Sign in again.`)
}

const notAllowed: Refusal = {
  status: 403,
  code: 'not_allowed',
  error: 'You are signed in, but have no access to this server. Ask its operator.',
}

const noOperator: Refusal = {
  status: 403,
  code: 'not_an_operator',
  error: `This client is for operators, who need the scope ${approveScope} and an entry in the configuration.`,
}
