import { isLoopback } from './credentials.ts'
import type { HttpProxy } from './proxy.ts'

/** The way of a request, for texts about it. */
export type Route = { readonly origin: string; readonly proxy: HttpProxy | null }

/** What texts name: Intercom's host alone and with its port; the proxy, and the variable that names it. */
type Place = {
  name: string
  at: string
  loopback: boolean
  proxy: HttpProxy | null
  theProxy: string
  variable: string
}

/** A message for people, and what to do about it where nothing was sent. */
type Words = { message: string; next?: string }

/** By code, why there is no whole answer. Those of a proxy are its own failures: nothing came through it. */
const words = {
  aborted: () => ({ message: 'the caller aborted' }),
  answer_too_large: () => ({ message: 'the answer exceeds the size limit' }),
  connect_timeout: (place) => ({
    message: `no connection to ${place.at} within the time limit`,
    next: checkNetwork(place),
  }),
  connection_lost: (place) => ({ message: `the connection to ${place.at} broke`, next: checkNetwork(place) }),
  connection_refused: (place) => ({
    message: `${place.at} refused the connection`,
    next: place.loopback ? 'Check that it is running.' : checkNetwork(place),
  }),
  dns_failed: (place) => ({
    message: `the host name ${place.name} could not be resolved`,
    next: checkNetwork(place),
  }),
  host_unreachable: (place) => ({ message: `${place.at} cannot be reached`, next: checkNetwork(place) }),
  proxy_auth_required: ({ at, proxy, theProxy, variable }, scheme) => ({
    message: proxy?.authorization
      ? `${theProxy} did not accept the user name and password (407)`
      : `${theProxy} asks for a user name and password (407)`,
    next: scheme
      ? `It asks for ${scheme}, but only Basic is supported: ask for ${at} to be let through without a login.`
      : `${proxy?.authorization ? 'Correct them in' : 'Put them into'} ${variable}: http://user:password@host:port.`,
  }),
  proxy_failed: ({ at, theProxy }, status) => ({
    message: `${theProxy} could not connect to ${at} (${status})`,
    next: 'Try again later, or ask whoever runs the proxy.',
  }),
  proxy_lost: ({ at, theProxy }) => ({
    message: `${theProxy} closed the connection before the tunnel to ${at} was open`,
    next: 'Ask whoever runs the proxy.',
  }),
  proxy_refused: ({ at, theProxy }, status) => ({
    message: `${theProxy} refused to connect to ${at} (${status})`,
    next: `Ask whoever runs the proxy to allow ${at}.`,
  }),
  proxy_timeout: ({ at, theProxy, variable }) => ({
    message: `${theProxy} made no connection to ${at} within the time limit`,
    next: `Check ${variable}, and that the proxy is running.`,
  }),
  proxy_tls_failed: ({ theProxy, variable }, name) =>
    aboutTls(theProxy, theProxy, name, `Check ${variable}.`),
  proxy_unreachable: ({ theProxy, variable }, how) => ({
    message: `${theProxy} ${unreachable[how] ?? 'cannot be reached'}`,
    next: `Check ${variable}, and that the proxy is running.`,
  }),
  proxy_unreadable: ({ theProxy, variable }) => ({
    message: `${theProxy} does not answer as an HTTP proxy does`,
    next: `Check ${variable}.`,
  }),
  timeout: ({ at }) => ({ message: `no complete answer from ${at} within the time limit` }),
  tls_failed: ({ name, at }, reason) => aboutTls(name, at, reason, 'Check the base URL.'),
  unreadable_answer: ({ at }) => ({ message: `the answer of ${at} is not valid HTTP` }),
} satisfies Record<string, (place: Place, detail: string) => Words>

export type BrokenCode = keyof typeof words

/** What to say about an attempt without a whole answer. */
export function wordsFor(broken: BrokenCode, detail: string | undefined, { origin, proxy }: Route): Words {
  const { hostname, port, protocol } = new URL(origin)
  const at = `${hostname}:${port || (protocol === 'https:' ? 443 : 80)}`
  const say: (place: Place, detail: string) => Words = words[broken]
  const theProxy = proxy === null ? 'the proxy' : `the proxy ${proxy.url} (${proxy.variable})`
  const variable = proxy?.variable ?? 'its URL'
  return say({ name: hostname, at, loopback: isLoopback(hostname), proxy, theProxy, variable }, detail ?? '')
}

function checkNetwork({ loopback, proxy }: Place): string {
  const mayNeedProxy = !loopback && proxy === null
  return mayNeedProxy ? 'Check the network; if it requires a proxy, set HTTPS_PROXY.' : 'Check the network.'
}

const unreachable: Record<string, string> = {
  connection_refused: 'refused the connection',
  dns_failed: 'has a host name that could not be resolved',
}

const checkClock = "Check this machine's clock."
const privateAuthority =
  "If the network re-signs TLS with its own authority, set NODE_EXTRA_CA_CERTS to that authority's PEM file."

/** What OpenSSL's and Node's names mean, and what helps. `$` is the host. */
const certificates: [names: RegExp, message: string, next?: string][] = [
  [/CERT_HAS_EXPIRED/, 'the TLS certificate of $ has expired', checkClock],
  [/CERT_NOT_YET_VALID/, 'the TLS certificate of $ is not valid yet', checkClock],
  [/CERT_REVOKED/, 'the TLS certificate of $ has been revoked'],
  [/DEPTH_ZERO_SELF_SIGNED/, 'the TLS certificate of $ is self-signed', privateAuthority],
  [
    /SELF_SIGNED|UNABLE_TO_(GET_ISSUER|VERIFY)|CERT_UNTRUSTED|INVALID_CA/,
    'the TLS certificate of $ is from an authority that this machine does not trust',
    privateAuthority,
  ],
  [/ALTNAME_INVALID|HOSTNAME_MISMATCH/, 'the TLS certificate of $ is for another host name'],
  [/WRONG_VERSION_NUMBER|PACKET_LENGTH|HTTP_REQUEST|BAD_RECORD_TYPE|RECORD_LAYER/, '$ does not speak TLS'],
  [/UNSUPPORTED_PROTOCOL|PROTOCOL_VERSION|NO_PROTOCOLS/, '$ and this machine have no TLS version in common'],
]

function aboutTls(host: string, at: string, name: string, check: string): Words {
  const [, message, next] = certificates.find(([names]) => names.test(name)) ?? []
  if (message === undefined) {
    const shown = name === '' ? '' : ` (${name})`
    return { message: `the TLS certificate or handshake of ${at} was not accepted${shown}`, next: check }
  }
  const text = message.replace('$', () => (message.startsWith('$') ? at : host))
  return { message: text, next: next === undefined ? check : `${next} ${check}` }
}
