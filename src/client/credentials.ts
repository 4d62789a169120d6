import { IntercomError, sentences } from '../errors.ts'

/** Intercom's regional hosts (docs/intercom-api.md 1.1; `servers` of its OpenAPI description). */
export const regions = {
  US: 'https://api.intercom.io',
  EU: 'https://api.eu.intercom.io',
  AU: 'https://api.au.intercom.io',
} as const

/** A checked host, which comes from `hostOf`, never from an action's input. */
export type Host = {
  /** Scheme, host and port. */
  readonly origin: string
  /** Path before Intercom's own paths: empty, or that of an allowed proxy, without a slash at its end. */
  readonly prefix: string
}

/** A checked token and host. */
export type Credentials = Host & { readonly accessToken: string }

/** Gives the access token of one workspace, each time a request needs it. */
export type TokenFunction = () => string | Promise<string>

/**
 * Is told of a token that Intercom has refused (401). A text that it answers, at once or later, is what the error says
 * to do.
 */
export type RefusedTokenHook = (accessToken: string) => unknown

/** Credentials whose token may change. `workspaceId` tells the workspace from others whatever the token is. */
export type Connection = Host & {
  readonly accessToken: string | TokenFunction
  readonly workspaceId?: string | undefined
}

type HostOptions = { baseUrl?: string | undefined; allowCustomHost?: boolean | undefined }

/** Checks token and host. */
export function credentials(options: HostOptions & { accessToken?: string | undefined }): Credentials {
  const accessToken = checkedToken(options.accessToken)
  return { accessToken, ...hostOf(options) }
}

/** The same where a function may give the token. */
export function connectionOf(
  options: HostOptions & {
    accessToken?: Connection['accessToken'] | undefined
    workspaceId?: string | undefined
  },
): Connection {
  const { accessToken, workspaceId } = options
  const token = typeof accessToken === 'function' ? accessToken : checkedToken(accessToken)
  return { accessToken: token, workspaceId, ...hostOf(options) }
}

/** A token as it is sent. Throws an `IntercomError` that holds nothing of it. */
export function checkedToken(given: unknown, hint = 'Set INTERCOM_ACCESS_TOKEN.'): string {
  const accessToken = typeof given === 'string' ? given.trim() : ''
  if (accessToken === '') throw refused('missing_token', 'no access token', hint)
  if (!/^[\w.~+/:=-]+$/.test(accessToken)) throw refused('invalid_token', ...problemOf(accessToken))
  return accessToken
}

/**
 * Checks a host. An absent or empty base URL means `https://api.intercom.io`. Plain http is accepted for loopback only,
 * and a host that is not Intercom's only with `allowCustomHost`.
 */
export function hostOf({ baseUrl, allowCustomHost = false }: HostOptions): Host {
  const given = baseUrl?.trim()
  const url = parse(given === undefined || given === '' ? regions.US : given)
  checkHost(url, allowCustomHost)
  return { origin: url.origin, prefix: url.pathname.replace(/\/+$/, '') }
}

/**
 * Whose calls share a rate limit and a fingerprint: the workspace's, or else the token's, or else those of the function
 * that gives it. No token holds a blank.
 */
export function ownerOf({ accessToken, workspaceId }: Connection): string | TokenFunction {
  return workspaceId === undefined ? accessToken : `workspace ${workspaceId}`
}

/** Identifies a workspace, or its token, without revealing the token: 16 hexadecimal digits. */
export function fingerprintOf(connection: Connection): string {
  const { createHash, randomUUID } = process.getBuiltinModule('node:crypto')
  const { origin, prefix, workspaceId } = connection
  const owner = ownerOf(connection)
  const told = typeof owner === 'string' ? owner : ` ${randomUUID()}`
  // A workspace of Intercom's is in one region, whichever host is asked for it.
  const isIntercoms = Object.values<string>(regions).includes(origin) && prefix === ''
  const place = workspaceId !== undefined && isIntercoms ? '' : `${origin}${prefix}`
  return createHash('sha256').update(`${place}${told}`).digest('hex').slice(0, 16)
}

/** What is wrong with a text that is pasted in place of a token, and what to do. */
const pasted: [pattern: RegExp, problem: string, step: string][] = [
  [/^["'`\u2018-\u201f\u00ab]|["'`\u2018-\u201f\u00bb]$/, 'is in quotes', 'Remove them.'],
  [/^authorization\s*:/i, 'is a whole header', 'Give only what follows "Bearer".'],
  [
    /^(bearer|basic|token)\s/i,
    'begins with the name of an authentication scheme',
    'Give only what follows "Bearer".',
  ],
  [/^[<[{$%]/, 'is a placeholder', 'Put the token itself there; nothing has replaced the placeholder.'],
  [/[*\u2022\u2026]/, 'is masked', 'Copy it where it is shown in full.'],
  [/\s|\\[nrt]/, 'contains a blank or a line break', 'Copy it again, as one line.'],
  [
    /[\p{Cf}\p{Default_Ignorable_Code_Point}]/u,
    'contains an invisible character',
    'Type over it or copy it again.',
  ],
]

function problemOf(token: string): [message: string, hint: string] {
  const [, problem, step] = pasted.find(([pattern]) => pattern.test(token)) ?? []
  return [`the access token ${problem ?? 'contains characters that no token has'}`, step ?? 'Copy it again.']
}

function parse(text: string): URL {
  const url = URL.parse(text)
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw refused(
      'invalid_base_url',
      'the base URL is not an http(s) URL',
      `Use ${Object.values(regions).join(', ')}.`,
    )
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')
    throw refused('invalid_base_url', 'the base URL has more than scheme, host and path', 'Remove the rest.')
  return url
}

function checkHost(url: URL, allowCustomHost: boolean): void {
  if (isLoopback(url.hostname)) return
  if (url.protocol === 'http:') {
    throw refused(
      'invalid_base_url',
      `plain http to ${url.host} would send the token unencrypted`,
      'Use https.',
    )
  }
  const known = Object.values<string>(regions).includes(url.origin) && url.pathname === '/'
  if (!known && !allowCustomHost) {
    throw refused(
      'invalid_base_url',
      `${url.host}${url.pathname === '/' ? '' : url.pathname} is not one of Intercom's hosts`,
      `Use ${Object.values(regions).join(', ')}; code may allow another with allowCustomHost.`,
    )
  }
}

/** Whether a host, as a URL or an address to listen on has it, can only be this machine. */
export function isLoopback(host: string): boolean {
  return /^(localhost|::1|\[::1\]|127(\.\d{1,3}){3})$/.test(host)
}

function refused(code: string, message: string, hint: string): IntercomError {
  return new IntercomError(sentences(message, hint), { code })
}
