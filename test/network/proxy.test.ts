import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { afterEach, test } from 'node:test'
import { inspect } from 'node:util'
import { Agent, ProxyAgent } from 'undici'
import { createIntercom, IntercomError, type IntercomOptions } from '../../src/index.ts'
import { type Certificate, certificate } from '../support/certificates.ts'
import {
  answering,
  type ConnectProxy,
  connectProxy,
  type OnConnect,
  tunnelTo,
} from '../support/connect-proxy.ts'
import { scriptedIntercom, scriptedToken } from '../support/scripted-intercom.ts'
import { authority, certificateOfIntercom, intercomHost, tlsIntercom } from '../support/tls-intercom.ts'

const note = ['create_note', { contact_id: '6762f0dd1bb69f9f2193bb83', body: 'Hello' }] as const
const password = 'hunter2-canary-5821'

const names = ['https_proxy', 'HTTPS_PROXY', 'http_proxy', 'HTTP_PROXY', 'no_proxy', 'NO_PROXY']
for (const name of names) delete process.env[name]
afterEach(() => {
  for (const name of names) delete process.env[name]
})

/** A client of Intercom's own host, made while the environment has these variables. */
function clientWith(environment: Record<string, string>, options: IntercomOptions = {}) {
  Object.assign(process.env, environment)
  return createIntercom({ accessToken: scriptedToken, baseUrl: '', onUnknown: 'report', ...options })
}

/** `http://user:password@host:port` of a proxy. */
function withPassword({ url }: Pick<ConnectProxy, 'url'>): string {
  return url.replace('//', `//jo%40corp:${password}@`)
}

test('a call goes through a tunnel, which carries neither the token in clear nor the proxy’s password', async () => {
  const intercom = await tlsIntercom()
  const proxy = await connectProxy([tunnelTo(intercom.port)])
  const client = clientWith({ HTTPS_PROXY: withPassword(proxy) })
  for (const _ of [1, 2, 3, 4]) assert.equal((await client.listTags()).error, null)
  const authorization = `Basic ${Buffer.from(`jo@corp:${password}`).toString('base64')}`
  for (const each of proxy.received) assert.deepEqual(each, { target: `${intercomHost}:443`, authorization })
  assert.ok(proxy.received.length < intercom.received.length, 'a tunnel serves several calls')
  const [asked] = intercom.received
  assert.equal(asked?.path, 'GET /tags')
  assert.equal(asked?.headers.authorization, `Bearer ${scriptedToken}`)
  assert.equal(asked?.headers.host, intercomHost)
  assert.deepEqual(
    Object.keys(asked?.headers ?? {}).filter((name) => name.startsWith('proxy-')),
    [],
  )
  assert.ok(proxy.through().length > 0)
  assert.ok(!proxy.through().includes(scriptedToken))
  assert.doesNotMatch(inspect([client, await client.call('list_tags')], { depth: 9 }), new RegExp(password))
  await proxy.close()
  await intercom.close()
})

test('a proxy that is reached over TLS itself', async () => {
  const intercom = await tlsIntercom()
  const own = certificate('proxy', { hosts: ['127.0.0.1'], issuer: authority })
  const proxy = await connectProxy([tunnelTo(intercom.port)], own)
  const client = clientWith({ https_proxy: withPassword(proxy) })
  assert.equal((await client.listTags()).error, null)
  assert.equal(proxy.received.length, 1)
  assert.ok(!proxy.through().includes(scriptedToken))
  await proxy.close()
  await intercom.close()
})

const nowhere = { baseUrl: 'https://api.nowhere.invalid', allowCustomHost: true }
const brief = { timeoutMs: 1000, deadlineMs: 2000 }
const tries = 4

/** What a proxy does, and what a write through it comes to. */
const failures: Record<string, [script: OnConnect[], code: string, text: RegExp, attempts: number | null]> = {
  'asks for a login': [
    [
      answering(
        '407 Proxy Authentication Required',
        ['Proxy-Authenticate: Basic realm="x"'],
        '<h1>Log in</h1>',
      ),
    ],
    'proxy_auth_required',
    /did not accept the user name and password \(407\)\. Nothing was sent\. Correct them in HTTPS_PROXY: http:/,
    1,
  ],
  'asks for another login than Basic': [
    [
      answering('407 Proxy Authentication Required', [
        'Proxy-Authenticate: Negotiate',
        'Proxy-Authenticate: NTLM',
      ]),
    ],
    'proxy_auth_required',
    /It asks for Negotiate, but only Basic is supported/,
    1,
  ],
  forbids: [
    [answering('403 Forbidden', ['Content-Type: text/html'], '<h1>Policy</h1>')],
    'proxy_refused',
    /refused to connect to api\.intercom\.io:443 \(403\)\. Nothing was sent\. Ask whoever runs the proxy to allow/,
    1,
  ],
  'reaches nothing': [
    [answering('502 Bad Gateway', ['Content-Type: text/html'], '<h1>No</h1>')],
    'proxy_failed',
    /could not connect to api\.intercom\.io:443 \(502\)/,
    tries,
  ],
  'closes without an answer': [
    [(_, socket) => socket.destroy()],
    'proxy_lost',
    /closed the connection before the tunnel to api\.intercom\.io:443 was open/,
    tries,
  ],
  'resets without an answer': [[(_, socket) => socket.resetAndDestroy()], 'proxy_lost', /closed/, tries],
  'answers something else than HTTP': [
    [(_, socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n')],
    'proxy_unreadable',
    /does not answer as an HTTP proxy does\. Nothing was sent\. Check HTTPS_PROXY/,
    tries,
  ],
  'cuts the tunnel at once': [
    [(_, socket) => socket.end('HTTP/1.1 200 OK\r\n\r\n')],
    'proxy_lost',
    /closed the connection before/,
    tries,
  ],
  'cuts the tunnel within the TLS handshake': [
    [
      (_, socket) => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n')
        setTimeout(() => socket.resetAndDestroy(), 50)
      },
    ],
    'proxy_lost',
    /closed the connection before/,
    tries,
  ],
  'never answers': [[() => {}], 'proxy_timeout', /made no connection to api\.intercom\.io:443 within/, null],
  'lets nothing through its tunnel': [
    [(_, socket) => socket.write('HTTP/1.1 200 OK\r\n\r\n')],
    'proxy_timeout',
    /made no connection to api\.intercom\.io:443 within/,
    null,
  ],
}

for (const [does, [script, code, text, attempts]] of Object.entries(failures)) {
  test(`a proxy that ${does}: a note was not sent, and the text says what the proxy did`, async () => {
    const proxy = await connectProxy(script)
    const client = clientWith({ HTTPS_PROXY: withPassword(proxy) }, brief)
    const { output, failure, trace } = await client.call(...note)
    assert.deepEqual([failure?.code, failure?.outcome, failure?.status], [code, 'not_sent', null])
    assert.match(String(output.error), text)
    assert.ok(output.error?.includes(proxy.url), output.error ?? '')
    if (attempts !== null) assert.equal(trace.attempts, attempts)
    assert.doesNotMatch(
      inspect([output, failure, trace], { depth: 9 }),
      new RegExp(`${password}|jo@corp|jo%40`),
    )
    await proxy.close()
  })
}

test('a proxy that asks for a login where none was given says where to put it', async () => {
  const proxy = await connectProxy([answering('407 Proxy Authentication Required')])
  const { output } = await clientWith({ http_proxy: proxy.url }).call(...note)
  assert.match(
    String(output.error),
    /asks for a user name and password \(407\)\. .*Put them into http_proxy: http:/,
  )
  await proxy.close()
})

test('a proxy that nobody can reach is told from Intercom', async () => {
  const gone = await connectProxy([])
  await gone.close()
  for (const [url, text] of [
    [gone.url, /the proxy http:\/\/127\.0\.0\.1:\d+ \(HTTP_PROXY\) refused the connection.*Check HTTP_PROXY/],
    ['http://proxy.nowhere.invalid:3128', /has a host name that could not be resolved/],
  ] as const) {
    const { output, failure } = await clientWith({ HTTP_PROXY: url }).call(...note)
    assert.deepEqual([failure?.code, failure?.outcome], ['proxy_unreachable', 'not_sent'])
    assert.match(String(output.error), text)
  }
})

test('TLS to a proxy that has none, or a certificate nobody trusts', async () => {
  const plain = await connectProxy([])
  const unknown = await connectProxy([], certificate('proxy', { hosts: ['127.0.0.1'] }))
  for (const [url, text] of [
    [plain.url.replace('http:', 'https:'), /the proxy https:\S+ \(HTTPS_PROXY\) does not speak TLS/],
    [unknown.url, /certificate of the proxy \S+ \(HTTPS_PROXY\) is self-signed.*NODE_EXTRA_CA_CERTS/],
  ] as const) {
    const { output, failure } = await clientWith({ HTTPS_PROXY: url }).call(...note)
    assert.deepEqual([failure?.code, failure?.outcome], ['proxy_tls_failed', 'not_sent'])
    assert.match(String(output.error), text)
  }
  await plain.close()
  await unknown.close()
})

test('what was not sent through a proxy is sent again, once it lets it through', async () => {
  const intercom = await tlsIntercom()
  const busy = answering('503 Service Unavailable')
  const proxy = await connectProxy([busy, (_, socket) => socket.destroy(), tunnelTo(intercom.port)])
  const { output, trace } = await clientWith({ HTTPS_PROXY: proxy.url }).call(...note)
  assert.deepEqual([output.error, trace.attempts, intercom.received.length], [null, 3, 1])
  await proxy.close()
  await intercom.close()
})

test('a slow proxy is waited for, and a tunnel that it closed is opened anew', async () => {
  const intercom = await tlsIntercom()
  const open = tunnelTo(intercom.port)
  const sockets: Socket[] = []
  const proxy = await connectProxy([
    (request, socket) => {
      sockets.push(socket)
      setTimeout(() => open(request, socket), 300)
    },
  ])
  const client = clientWith({ HTTPS_PROXY: proxy.url })
  assert.equal((await client.listTags()).error, null)
  const [first] = sockets
  const closed = first && once(first, 'close')
  first?.end()
  await closed
  const { output, trace } = await client.call(...note)
  assert.deepEqual([output.error, trace.attempts, intercom.received.length], [null, 1, 2])
  await proxy.close()
  await intercom.close()
})

test('a tunnel that is cut when the request was transmitted leaves a note unknown, and it is not sent again', async () => {
  let cut = () => {}
  const intercom = await tlsIntercom(certificateOfIntercom(), () => cut())
  const open = tunnelTo(intercom.port)
  const proxy = await connectProxy([
    (request, socket) => {
      cut = () => socket.resetAndDestroy()
      open(request, socket)
    },
  ])
  const { output, failure } = await clientWith({ HTTPS_PROXY: proxy.url }).call(...note)
  assert.deepEqual([failure?.code, failure?.outcome], ['connection_lost', 'unknown'])
  assert.match(String(output.error), /the connection to api\.intercom\.io:443 broke/)
  assert.equal(intercom.received.length, 1)
  await proxy.close()
  await intercom.close()
})

test('loopback is reached directly, and so is what NO_PROXY lists; a dispatcher takes the place of a proxy', async () => {
  const local = await scriptedIntercom([{ json: { type: 'list', data: [] } }])
  const intercom = await tlsIntercom()
  const proxy = await connectProxy([tunnelTo(intercom.port)])
  const environment = { HTTPS_PROXY: proxy.url, HTTP_PROXY: proxy.url }
  assert.equal((await clientWith(environment, { baseUrl: local.url }).listTags()).error, null)
  const refused = Object.assign(new Error('no'), { code: 'ECONNREFUSED' })
  const agent = new Agent({ connect: (_, done) => done(refused, null) })
  const own = clientWith({ HTTPS_PROXY: 'not a proxy' }, { dispatcher: agent })
  assert.equal((await own.call('list_tags')).failure?.code, 'connection_refused')
  assert.equal(proxy.received.length, 0)
  assert.equal((await clientWith(environment).listTags()).error, null)
  assert.equal(proxy.received.length, 1)
  const exempt = clientWith({ ...environment, NO_PROXY: '.nowhere.invalid' }, nowhere)
  assert.equal((await exempt.call('list_tags')).failure?.code, 'dns_failed')
  assert.equal(proxy.received.length, 1)
  for (const { close } of [local, intercom, proxy]) await close()
  await agent.close()
})

test('a ProxyAgent of the caller’s tells a proxy’s refusal as well', async () => {
  for (const [status, code] of [
    ['407 Proxy Authentication Required', 'proxy_auth_required'],
    ['403 Forbidden', 'proxy_refused'],
    ['503 Service Unavailable', 'proxy_failed'],
  ] as const) {
    const proxy = await connectProxy([answering(status)])
    const dispatcher = new ProxyAgent(proxy.url)
    const { failure } = await clientWith({}, { dispatcher, ...brief }).call(...note)
    assert.deepEqual([failure?.code, failure?.outcome], [code, 'not_sent'])
    await dispatcher.close()
    await proxy.close()
  }
})

test('a variable that names no proxy ends the start, and is never gone around', () => {
  const malformed = [
    `http://jo:${password}@proxy:port`,
    `http://jo:${password}#1@proxy:3128`,
    `http://jo:${password}/1@proxy:3128`,
    `http://jo:${password}%zz@proxy:3128`,
    `ftp://jo:${password}@proxy:3128`,
    `PROXY ${password}:8080`,
    'http://',
    'http://proxy:99999',
    `http://proxy:3128/${password}`,
  ]
  const refusal = (environment: Record<string, string>) => {
    try {
      clientWith(environment)
    } catch (error) {
      assert.ok(error instanceof IntercomError)
      return error
    }
    return assert.fail(`${Object.keys(environment)} was accepted`)
  }
  for (const value of malformed) {
    const error = refusal({ HTTPS_PROXY: value })
    assert.equal(error.code, 'invalid_proxy', value)
    assert.match(error.message, /^HTTPS_PROXY is not the URL of a proxy\. .*http:\/\/user:password@host:port/)
    assert.doesNotMatch(inspect(error), new RegExp(password), value)
  }
  for (const scheme of ['socks', 'socks4', 'socks5', 'socks5h']) {
    const { code, message } = refusal({ https_proxy: `${scheme}://jo:${password}@proxy:1080` })
    assert.equal(code, 'invalid_proxy')
    assert.match(message, /^https_proxy names a SOCKS proxy, which is not supported/)
  }
})

test('TLS that fails says what is wrong with the certificate, and where a private authority helps', async () => {
  const hosts = [intercomHost]
  const stranger = certificate('Another authority')
  const [past, future] = [new Date('2019-01-01'), new Date('2090-01-01')]
  const unknown = certificate(intercomHost, { hosts, issuer: stranger })
  const wrong: [Certificate, RegExp, boolean][] = [
    [
      certificate('a', { hosts, issuer: authority, from: past, to: new Date('2020-01-01') }),
      /has expired/,
      false,
    ],
    [
      certificate('b', { hosts, issuer: authority, from: future, to: new Date('2091-01-01') }),
      /not valid yet/,
      false,
    ],
    [certificate(intercomHost, { hosts }), /is self-signed/, true],
    [unknown, /is from an authority that this machine does not trust/, true],
    [{ ...unknown, cert: unknown.cert + stranger.cert }, /is from an authority that/, true],
    [certificate('c', { hosts: ['portal.example'], issuer: authority }), /is for another host name/, false],
  ]
  for (const [served, text, isPrivate] of wrong) {
    const intercom = await tlsIntercom(served)
    const proxy = await connectProxy([tunnelTo(intercom.port)])
    const { output, failure } = await clientWith({ HTTPS_PROXY: proxy.url }).call(...note)
    assert.deepEqual([failure?.code, failure?.outcome], ['tls_failed', 'not_sent'])
    assert.match(String(output.error), /the TLS certificate of api\.intercom\.io /)
    assert.match(String(output.error), text)
    assert.equal(String(failure?.hint).includes('NODE_EXTRA_CA_CERTS'), isPrivate, String(failure?.hint))
    assert.equal(intercom.received.length, 0)
    await proxy.close()
    await intercom.close()
  }
})

test('a version of TLS that only one side knows', async () => {
  const intercom = await tlsIntercom({
    ...certificateOfIntercom(),
    maxVersion: 'TLSv1.1',
    minVersion: 'TLSv1',
  })
  const proxy = await connectProxy([tunnelTo(intercom.port)])
  const { output, failure } = await clientWith({ HTTPS_PROXY: proxy.url }).call(...note)
  assert.deepEqual([failure?.code, failure?.outcome], ['tls_failed', 'not_sent'])
  assert.match(String(output.error), /have no TLS version in common/)
  await proxy.close()
  await intercom.close()
})
