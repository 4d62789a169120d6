import { z } from 'zod'
import { exactJson } from '../core/exact-json.ts'
import { didYouMean } from '../core/nearest.ts'
import { invalidInput, quotedName, sentences } from '../errors.ts'
import { count, exact, key, name, path, policy, variable, workspaceId } from './config-fields.ts'
import { type ConnectConfig, connectSchema } from './connect/config.ts'
import { type AuthConfig, authSchema, authSchemas, checkOrder } from './sign-in/config.ts'

const hostName = z
  .string()
  .regex(/^(\[[\da-f:.]+\]|[\w.-]+)$/i, 'takes a host name without scheme and port, like mcp.example.com')
const origin = z
  .string()
  .regex(/^https?:\/\/(\[[\da-f:.]+\]|[\w.-]+)(:\d+)?$/i, 'takes an origin like https://app.example.com')
const keySchema = z.strictObject({
  name: name.refine((one) => one !== 'approval', 'takes another name than "approval", which is taken'),
  ...key,
  ...policy,
  workspaces: z
    .union([z.literal('any'), z.array(workspaceId).min(1)], 'takes ids of workspaces, or "any"')
    .optional(),
})

const operatorSchema = z.strictObject({
  name,
  ...key,
  subject: exact('takes the sub of tokens').optional(),
  client: exact('takes a client id').optional(),
  callers: z.array(z.string()).min(1, 'takes one or more names of keys').optional(),
})

const listenSchema = z.strictObject({
  host: z.string().optional(),
  port: z.int().min(0).max(65_535).optional(),
  hosts: z.array(hostName).optional(),
  origins: z.array(origin).optional(),
  proxies: z.array(z.union([z.ipv4(), z.ipv6()], 'takes IP addresses')).optional(),
  public_url: origin.optional(),
})

const approvalsSchema = z.strictObject({
  file: path.optional(),
  notify_url: z.string().optional(),
  notify_secret_env: variable.optional(),
  notify_secret_file: path.optional(),
  expires_hours: count(24 * 30).optional(),
})

const limitsSchema = z.strictObject({
  body_bytes: count(64 * 1024 * 1024).optional(),
  journal_bytes: count(Number.MAX_SAFE_INTEGER).optional(),
  concurrent_calls: count(100_000).optional(),
  connections_per_address: count(100_000).optional(),
  request_seconds: count(600).optional(),
  header_seconds: count(600).optional(),
  shutdown_seconds: count(600).optional(),
  waiting_approvals: count(100_000).optional(),
})

const configSchema = z.strictObject({
  listen: listenSchema.optional(),
  keys: z.array(keySchema).min(1, 'takes one or more keys; leave it out to use the environment').optional(),
  operators: z
    .array(operatorSchema)
    .min(1, 'takes one or more operators; leave it out to use the environment')
    .optional(),
  auth: authSchema.optional(),
  connect: connectSchema.optional(),
  approvals: approvalsSchema.optional(),
  journal: path.optional(),
  limits: limitsSchema.optional(),
})

/** A configuration file. It holds no secrets: it names variables, files and hashes. */
export type Config = z.output<typeof configSchema>
/** One of its keys. */
export type KeyConfig = z.output<typeof keySchema>
/** One of its operators. */
export type OperatorConfig = z.output<typeof operatorSchema>

/** Reads the text of a configuration file. Throws an `IntercomError` that names each wrong place and what it takes. */
export function parseConfig(text: string): Config {
  const result = configSchema.safeParse(parsed(text))
  if (!result.success) throw invalidInput(result.error.issues.map(sentence).join('; '))
  const { keys = [], operators = [], approvals = {}, auth, connect, listen } = result.data
  for (const [index, key] of keys.entries()) {
    exactlyOne(`keys[${index}]`, key, ['key_env', 'key_file', 'key_sha256'])
    exactlyOne(`keys[${index}]`, key, [...tokens, 'workspaces'])
    checkRegion(`keys[${index}]`, key, key.workspace ?? key.workspaces)
  }
  for (const [index, operator] of operators.entries()) {
    exactlyOne(`operators[${index}]`, operator, ['key_env', 'key_file', 'key_sha256', 'subject'])
    if ((operator.subject === undefined) !== (operator.client === undefined))
      throw invalidInput(`operators[${index}]: subject and client go together`)
    if (operator.subject !== undefined && auth === undefined)
      throw invalidInput(`operators[${index}].subject needs auth, by which operators sign in`)
  }
  if (auth !== undefined) checkAuth(auth, listen?.public_url)
  if (connect !== undefined) checkConnect(connect)
  const { notify_url, notify_secret_env, notify_secret_file } = approvals
  if (notify_url !== undefined)
    exactlyOne('approvals', approvals, ['notify_secret_env', 'notify_secret_file'])
  else if (notify_secret_env !== undefined || notify_secret_file !== undefined)
    throw invalidInput('approvals: a secret for notifications needs notify_url')
  return result.data
}

function checkAuth({ allow, introspection }: AuthConfig, publicUrl: string | undefined): void {
  if (publicUrl === undefined)
    throw invalidInput(
      'auth needs listen.public_url: clients sign in for that address with /mcp at its end, and its tokens count nowhere else',
    )
  for (const [index, one] of allow.entries()) {
    exactlyOne(`auth.allow[${index}]`, one, [...tokens, 'workspace_of_subject'])
    checkRegion(`auth.allow[${index}]`, one, one.workspace ?? one.workspace_of_subject)
  }
  checkOrder(allow)
  if (introspection !== undefined)
    exactlyOne('auth.introspection', introspection, ['client_secret_env', 'client_secret_file'])
}

/** Where the token of an entry comes from. */
const tokens = ['access_token_env', 'access_token_file', 'workspace'] as const

function checkRegion(
  place: string,
  { base_url }: { base_url?: string | undefined },
  workspace: unknown,
): void {
  if (base_url !== undefined && workspace !== undefined)
    throw invalidInput(`${place}.base_url: the region of a connected workspace is known; leave it out`)
}

function checkConnect(connect: ConnectConfig): void {
  if (connect.key_env !== undefined && connect.key_file !== undefined)
    throw invalidInput('connect takes key_env or key_file, not both')
  if (connect.client_id !== undefined)
    exactlyOne('connect', connect, ['client_secret_env', 'client_secret_file'])
  else if (connect.client_secret_env !== undefined || connect.client_secret_file !== undefined)
    throw invalidInput('connect: a client secret needs client_id')
}

function parsed(text: string): unknown {
  return exactJson(text.replace(/^\uFEFF/, ''), 'the configuration') // which refuses a name with two values, one of which would be dropped
}

function exactlyOne<Given extends object>(
  place: string,
  given: Given,
  names: readonly (keyof Given & string)[],
): void {
  if (names.filter((name) => given[name] !== undefined).length === 1) return
  throw invalidInput(`${place} takes exactly one of ${names.join(', ')}`)
}

function sentence(issue: z.core.$ZodIssue): string {
  const place = placeOf(issue.path)
  if (issue.code !== 'unrecognized_keys') return `${place || 'the configuration'} ${expectation(issue)}`
  return sentences(...issue.keys.map((key) => unknownKey(place, key)))
}

const schemas: Readonly<Record<string, z.ZodObject>> = {
  '': configSchema,
  keys: keySchema,
  operators: operatorSchema,
  listen: listenSchema,
  approvals: approvalsSchema,
  limits: limitsSchema,
  connect: connectSchema,
  ...authSchemas,
}

function unknownKey(place: string, key: string): string {
  const secret = /^(key|api_key|token|access_token|secret)$/i.test(key)
  if (secret)
    return `${place}.${key}: this file holds no secrets; name it with ${key.replace(/^(api_key)$/i, 'key').replace(/^(token|secret)$/i, 'access_token')}_env or …_file`
  const known = schemas[place.replace(/\[\d+\]$/, '')]
  const near = known ? didYouMean(key, Object.keys(known.shape)) : null
  return sentences(`there is no ${place === '' ? '' : `${place}.`}${quotedName(key)}`, near)
}

function expectation(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_value')
    return `takes ${issue.values.map((value) => JSON.stringify(value)).join(', ')}`
  if (issue.code === 'invalid_type') return `takes ${issue.expected}`
  return issue.message
}

function placeOf(path: readonly PropertyKey[]): string {
  return path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`))
    .join('')
    .replace(/^\./, '')
}

/** The limits of a server where its configuration says nothing else. */
export const defaultLimits = {
  /** Bytes of a request's body. Checking one holds up all others: of 4 MiB, 100 to 300 ms. */
  bodyBytes: 1024 * 1024,
  /** Bytes that one key's records in the journal may take. */
  journalBytes: 512 * 1024 * 1024,
  /** Calls in flight at once, of all keys. */
  concurrentCalls: 500,
  /** Connections of one address over which no key has come: half of all. */
  connectionsPerAddress: 2500,
  /** Seconds for a whole request to arrive. */
  requestSeconds: 30,
  /** Seconds for its headers to arrive. */
  headerSeconds: 10,
  /** Seconds that running calls get to finish at shutdown. */
  shutdownSeconds: 20,
  /** Calls of one key that may wait for a person. */
  waitingApprovals: 1000,
}

/** The limits of one server. */
export type Limits = typeof defaultLimits

/** The default limits of a key; one Intercom app may make 10,000 calls a minute. */
export const defaultCallsPerMinute = 1000
export const defaultConcurrentCalls = 100

/** Bytes of all headers of a request together. */
export const headerBytes = 16 * 1024

/** Connections at once; more are closed without an answer. */
export const connections = 5000

/** Requests of one connection, which is then closed. */
export const requestsPerConnection = 1000

/** The limits of a configuration, with defaults. */
export function limitsOf(limits: Config['limits'] = {}): Limits {
  return {
    bodyBytes: limits.body_bytes ?? defaultLimits.bodyBytes,
    journalBytes: limits.journal_bytes ?? defaultLimits.journalBytes,
    concurrentCalls: limits.concurrent_calls ?? defaultLimits.concurrentCalls,
    connectionsPerAddress: limits.connections_per_address ?? defaultLimits.connectionsPerAddress,
    requestSeconds: limits.request_seconds ?? defaultLimits.requestSeconds,
    headerSeconds: limits.header_seconds ?? defaultLimits.headerSeconds,
    shutdownSeconds: limits.shutdown_seconds ?? defaultLimits.shutdownSeconds,
    waitingApprovals: limits.waiting_approvals ?? defaultLimits.waitingApprovals,
  }
}
