import { sample, signatureOf } from '../../test/support/deliveries.ts'
import { goodCalls } from '../../test/support/good-calls.ts'
import { goodMessage, strangeText } from './messages.ts'
import { type Chance, longText, mutatedBytes } from './mutate.ts'

/** The key that opens the server of the campaign. */
export const apiKey = 'key-of-the-surface-campaign-0001'

/** Bytes for a connection of their own. */
export type Sending = {
  what: string
  pieces: Buffer[]
  /** The client sends no more after them. */
  halfClosed?: boolean
  /** Well-formed HTTP of which the last says `Connection: close`: it must be answered. */
  whole?: boolean
}

const paths = [
  '/actions',
  '/openapi.json',
  '/healthz',
  '/readyz',
  '/metrics',
  '/mcp',
  '/webhooks',
  '/',
  '/reference',
]
const methods = [
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
  'TRACE',
  'CONNECT',
  'get',
  'M-SEARCH',
]
const key = `Authorization: Bearer ${apiKey}`
const json = 'Content-Type: application/json'

function head(start: string, headers: readonly string[]): string {
  const host = headers.some((header) => /^host:/i.test(header)) ? [] : ['Host: localhost']
  return [`${start} HTTP/1.1`, ...host, ...headers, '', ''].join('\r\n')
}

function request(
  start: string,
  headers: readonly string[],
  body: Buffer | string = '',
  close = true,
): Buffer {
  const bytes = Buffer.from(body as string) // or a copy of bytes
  const length = [`Content-Length: ${bytes.length}`, ...(close ? ['Connection: close'] : [])]
  return Buffer.concat([Buffer.from(head(start, [...headers, ...length])), bytes])
}

/** A well-formed request, of which the body may be anything. */
function sound(chance: Chance, close = true): [what: string, bytes: Buffer] {
  return chance.one<() => [string, Buffer]>([
    () => call(chance, close),
    () => call(chance, close),
    () => message(chance, close),
    () => message(chance, close),
    () => delivery(chance, close),
    () => ['a path', request(`${chance.one(methods.slice(0, 7))} ${target(chance)}`, [key], '', close)],
  ])()
}

function call(chance: Chance, close: boolean): [string, Buffer] {
  const [name, input] = chance.one(goodCalls)
  const query = chance.percent(10) ? `?${longText(chance, 40).replace(/[^\w&=%.,/[\]]/g, '')}` : ''
  const type = chance.percent(90) ? json : `Content-Type: ${chance.one(contentTypes)}`
  const idempotency = chance.percent(20)
    ? [`Idempotency-Key: ${chance.one(['a b', 'a,b', ''])}k${chance.below(40)}`]
    : []
  const body = chance.percent(30) ? JSON.stringify(input) : strangeText(chance, input)
  return ['a call', request(`POST /actions/${name}${query}`, [key, type, ...idempotency], body, close)]
}

const contentTypes = [
  ...[
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/json; charset=utf-16',
  ],
  ...['', 'json', 'application/xml', 'application/json, application/json', 'APPLICATION/JSON;;;'],
]

function message(chance: Chance, close: boolean): [string, Buffer] {
  const { json: good, headers } = goodMessage(chance)
  const accept = chance.percent(80)
    ? ['Accept: application/json, text/event-stream']
    : [`Accept: ${chance.one(['', '*/*', 'text/html', 'text/*;q=0'])}`]
  const type = chance.percent(90) ? json : `Content-Type: ${chance.one(contentTypes)}`
  const body = chance.percent(30) ? JSON.stringify(good) : strangeText(chance, good)
  return ['a message', request('POST /mcp', [key, type, ...accept, ...headers], body, close)]
}

function delivery(chance: Chance, close: boolean): [string, Buffer] {
  const body = chance.percent(30) ? Buffer.from(JSON.stringify(sample())) : strangeText(chance, sample())
  const signature = chance.percent(80)
    ? signatureOf(body)
    : chance.one(['sha1=', 'x', signatureOf('x'), `sha1=${'Z'.repeat(40)}`])
  return ['a delivery', request('POST /webhooks', [json, `X-Hub-Signature: ${signature}`], body, close)]
}

function target(chance: Chance): string {
  const path = chance.one(paths)
  const more = chance.one([
    '',
    '',
    '',
    '/',
    '/..',
    '/%2e%2e/x',
    '//',
    '/%',
    '/%ff',
    '?a=1&a=2',
    `?${'a'.repeat(3000)}`,
    '/list_tags',
    '/x',
  ])
  return chance.percent(3)
    ? chance.one(['*', 'http://localhost/healthz', 'x', '//', '/\\'])
    : `${path}${more}`
}

function chunked(chance: Chance): Sending {
  const [name, input] = chance.one(goodCalls)
  const body = Buffer.from(JSON.stringify(input))
  const at = 1 + chance.below(body.length - 1)
  const piece = (bytes: Buffer, size = bytes.length.toString(16)) =>
    Buffer.concat([Buffer.from(`${size}\r\n`), bytes, Buffer.from('\r\n')])
  const broken = chance.percent(50)
  const size = broken
    ? chance.one(['zz', '-1', 'ffffffffffffffff', '0x5', ' 5', '5;a=b', `5;${'a'.repeat(20_000)}`, '', '3'])
    : undefined
  const headers = [
    key,
    json,
    'Transfer-Encoding: chunked',
    'Connection: close',
    ...(broken && chance.percent(20) ? ['Content-Length: 3'] : []),
  ]
  const bytes = [
    head(`POST /actions/${name}`, headers),
    piece(body.subarray(0, at), size),
    piece(body.subarray(at)),
    '0\r\n\r\n',
  ]
  return { what: 'chunks', pieces: bytes.map((one) => Buffer.from(one as string)), whole: !broken }
}

function oversize(chance: Chance): Sending {
  const post = (headers: string[], body: string) => [
    Buffer.from(head('POST /actions/create_note', [...headers, json, 'Connection: close'])),
    Buffer.from(body),
  ]
  return chance.one<() => Sending>([
    () => ({ what: 'too long, announced', pieces: post([key, 'Content-Length: 5000000'], '{"a":') }),
    () => ({
      what: 'too long, in chunks',
      pieces: [
        ...post([key, 'Transfer-Encoding: chunked'], ''),
        ...Array(5).fill(Buffer.from(`fffff\r\n${'a'.repeat(0xfffff)}\r\n`)),
      ],
    }),
    () => ({ what: 'long heads', pieces: [request('GET /healthz', [`X: ${'a'.repeat(20_000)}`])] }),
    () => ({
      what: 'many heads',
      pieces: [request('GET /openapi.json', [key, ...Array<string>(1500).fill('X: y')])],
    }),
    // a body of nearly 4 MiB takes two thirds of what the event loop may be kept
    () => ({
      what: 'a long text',
      pieces: [
        request(
          'POST /actions/create_note',
          [key, json],
          JSON.stringify({ contact_id: '1', body: longText(chance, 500_000) }),
        ),
      ],
    }),
    () => ({
      what: 'a length that is none',
      pieces: post(
        [key, `Content-Length: ${chance.one(['-1', '1e3', '99999999999999999999', '3, 3', '+2', ''])}`],
        '{}',
      ),
    }),
  ])()
}

function stranger(chance: Chance): Sending {
  const headers = chance.one([
    [],
    ['Authorization: Bearer wrong-key-wrong-key-wrong-key'],
    ['Authorization: Basic YTpi'],
    [`Authorization: ${apiKey}`],
    [key, key],
    [`Authorization: Bearer ${'x'.repeat(10_000)}`],
    [key, 'Host: evil.example'],
    [key, 'Host: a', 'Host: b'],
    [key, 'Host: [::1'],
    [key, 'Host:'],
    [key, 'Origin: https://evil.example'],
    [key, 'Origin: null'],
    [key, 'X-Forwarded-For: 1.2.3.4'],
    [key, 'Expect: 100-continue'],
    [key, 'Expect: nonsense'],
    [key, 'Upgrade: websocket', 'Connection: upgrade'],
    [key, 'Transfer-Encoding: gzip'],
  ])
  return {
    what: 'a strange head',
    pieces: [request(`${chance.one(methods)} ${target(chance)}`, headers, chance.percent(50) ? '{}' : '')],
  }
}

function several(chance: Chance): Sending {
  const count = chance.percent(90) ? 2 + chance.below(9) : 2 + chance.below(200)
  const all = Array.from({ length: count }, (_, at) => sound(chance, at === count - 1)[1])
  return { what: `${count} at once`, pieces: [Buffer.concat(all)] }
}

function cut(chance: Chance): Sending {
  const [what, bytes] = sound(chance)
  const pieces = [bytes.subarray(0, chance.below(bytes.length))]
  return { what: `${what}, cut off`, pieces, halfClosed: chance.percent(70) }
}

function altered(chance: Chance): Sending {
  const [what, bytes] = sound(chance)
  const end = bytes.indexOf('\r\n\r\n') + 4
  const pieces = [mutatedBytes(chance, bytes.subarray(0, end)), bytes.subarray(end)]
  return { what: `${what}, its head altered`, pieces }
}

function followed(chance: Chance): Sending {
  const [what, bytes] = sound(chance, chance.percent(50))
  return { what: `${what}, then junk`, pieces: [bytes, Buffer.from(longText(chance, 2000))] }
}

function noise(chance: Chance): Sending {
  const bytes = Array.from({ length: 1 + chance.below(2000) }, () => chance.below(256))
  return { what: 'random bytes', pieces: [Buffer.from(bytes)], halfClosed: chance.percent(50) }
}

function slowly(chance: Chance): Sending {
  const [what, bytes] = sound(chance)
  const at = chance.below(bytes.length)
  const halfClosed = chance.percent(30) // Node.js takes that for a client that leaves
  return { what, pieces: [bytes.subarray(0, at), bytes.subarray(at)], whole: !halfClosed, halfClosed }
}

/** The next thing that somebody sends. */
export function nextSending(chance: Chance): Sending {
  if (chance.percent(40)) {
    const [what, bytes] = sound(chance)
    return { what, pieces: [bytes], whole: true }
  }
  return chance.one([chunked, oversize, stranger, several, cut, altered, followed, noise, slowly])(chance)
}
