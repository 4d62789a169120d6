import { IntercomError, sentences } from '../errors.ts'

/** Intercom's regional hosts (docs/intercom-api.md 1.1; `servers` of its OpenAPI description). */
export const regions = {
  US: 'https://api.intercom.io',
  EU: 'https://api.eu.intercom.io',
  AU: 'https://api.au.intercom.io',
} as const

/** A checked token and host. Both come from `credentials`, never from an action's input. */
export type Credentials = {
  readonly accessToken: string
  /** Scheme, host and port. */
  readonly origin: string
  /** Path before Intercom's own paths: empty, or that of an allowed proxy, without a slash at its end. */
  readonly prefix: string
}

/**
 * Checks token and host. An absent or empty base URL means `https://api.intercom.io`. Plain http is accepted
 * for loopback only, and a host that is not Intercom's only with `allowCustomHost`.
 */
export function credentials(options: {
  accessToken?: string | undefined
  baseUrl?: string | undefined
  allowCustomHost?: boolean | undefined
}): Credentials {
  const accessToken = options.accessToken?.trim() ?? ''
  if (accessToken === '') throw refused('missing_token', 'no access token', 'Set INTERCOM_ACCESS_TOKEN.')
  if (!/^[\w.~+/:=-]+$/.test(accessToken)) throw refused('invalid_token', ...problemOf(accessToken))
  const given = options.baseUrl?.trim()
  const url = parse(given === undefined || given === '' ? regions.US : given)
  checkHost(url, options.allowCustomHost === true)
  return { accessToken, origin: url.origin, prefix: url.pathname.replace(/\/+$/, '') }
}

/** Tells a workspace and its token from others without telling the token: 16 hexadecimal digits. */
export function fingerprintOf({ accessToken, origin, prefix }: Credentials): string {
  const { createHash } = process.getBuiltinModule('node:crypto')
  return createHash('sha256').update(`${origin}${prefix}${accessToken}`).digest('hex').slice(0, 16)
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
