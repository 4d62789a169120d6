import { z } from 'zod'
import { isLoopback } from '../../client/credentials.ts'
import { invalidInput, quotedName } from '../../errors.ts'
import { count, exact, path, policy, variable, workspaceId } from '../config-fields.ts'

/** The scopes of calls, which tokens of callers have. */
export const callScopes = ['intercom:read', 'intercom:write', 'intercom:send'] as const

/** One of them. */
export type CallScope = (typeof callScopes)[number]

/** What an operator's token has, and no other. It is never asked for: clients of agents ask for all they are told of. */
export const approveScope = 'intercom:approve' as const

/** All that jose verifies with a public key: whoever can check a signature cannot make one. */
const algorithms = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
] as const

const some = z.array(exact('takes a name')).min(1, 'takes one or more').optional()
const claim = z.string().regex(/^[!#-[\]-~]{1,60}$/, 'takes the name of a claim') // it is quoted in WWW-Authenticate

const introspectionSchema = z.strictObject({
  client_id: z.string().min(1, 'takes the client id of this server'),
  client_secret_env: variable.optional(),
  client_secret_file: path.optional(),
  tokens: z.enum(['opaque', 'all']).default('opaque'),
  cache_seconds: count(300, 0).default(30),
})

const allowSchema = z.strictObject({
  subjects: some,
  clients: some,
  workspace_of_subject: z.record(exact('takes the sub of tokens'), workspaceId).optional(),
  ...policy,
})

export const authSchema = z.strictObject({
  issuer: z.string().refine(isIssuer, 'takes an https URL without query (http only on this machine)'),
  audience: exact('takes the audience of tokens for this server').optional(),
  scopes: z
    .array(z.enum(callScopes))
    .min(1, 'takes one or more')
    .default([...callScopes]),
  algorithms: z
    .array(z.enum(algorithms))
    .min(1, 'takes one or more')
    .default([...algorithms]),
  token_type: exact('takes at+jwt, another value of typ, or any').default('at+jwt'),
  client_claim: claim.default('client_id'),
  scope_claim: claim.default('scope'),
  clock_tolerance_seconds: count(300, 0).default(30),
  outage_minutes: count(24 * 60, 0).default(60),
  introspection: introspectionSchema.optional(),
  live_callers: count(100_000).default(1000),
  allow: z.array(allowSchema).min(1, 'takes one or more'),
})

/** How people and programs sign in by an authorization server. */
export type AuthConfig = z.output<typeof authSchema>
/** Some of those who sign in, and what they may do. */
export type AllowConfig = z.output<typeof allowSchema>

/** The schemas by their place, to name a key that is near an unknown one. */
export const authSchemas = {
  auth: authSchema,
  'auth.allow': allowSchema,
  'auth.introspection': introspectionSchema,
}

/** Throws an `IntercomError` for an entry that stands behind a wider one, and so would narrow nothing. */
export function checkOrder(allow: readonly AllowConfig[]): void {
  const taken = new Map<string, number>() // a subject with a client, `null` for any, to the entry that counts
  for (const [index, { subjects, clients, workspace_of_subject: workspaceOf }] of allow.entries()) {
    const mapped = workspaceOf && Object.keys(workspaceOf)
    const who = mapped?.filter((one) => subjects?.includes(one) ?? true) ?? subjects ?? [null]
    if (who.length === 0)
      throw invalidInput(`auth.allow[${index}] is for nobody: none of its subjects has a workspace`)
    const all = who.flatMap((subject) => (clients ?? [null]).map((client) => ({ subject, client })))
    for (const { subject, client } of all) {
      const wider = [
        [subject, client],
        [subject, null],
        [null, client],
        [null, null],
      ]
      const first = wider.map((one) => taken.get(JSON.stringify(one))).find((one) => one !== undefined)
      if (first === undefined) continue
      const whom = [subject && `subject ${quotedName(subject)}`, client && `client ${quotedName(client)}`]
      const named = whom.filter(Boolean).join(' by ') || 'everybody else'
      throw invalidInput(
        `auth.allow[${index}] never applies to ${named}, since auth.allow[${first}] comes before it; put the narrower one first`,
      )
    }
    for (const { subject, client } of all) taken.set(JSON.stringify([subject, client]), index)
  }
}

function isIssuer(given: string): boolean {
  const url = URL.parse(given)
  if (url === null || /[?#]/.test(given) || url.username !== '' || url.password !== '') return false
  return isSecure(url)
}

/** Whether nobody on the way can read or change what is said: https, or this machine. */
export function isSecure({ protocol, hostname }: URL): boolean {
  return protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname))
}
