// The official MCP client signs in at an authorization server that nobody here wrote, and calls `serve` with what it gets;
// then the tokens that must not count. Each line is one thing that holds.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import {
  Client,
  type OAuthClientProvider,
  type StoredOAuthTokens,
  StreamableHTTPClientTransport,
  UnauthorizedError,
} from '@modelcontextprotocol/client'
import { createWorkspace } from '../src/workspace/index.ts'
import {
  authorizationServer,
  browse,
  desk,
  desktop,
  introspecting,
  redirectUri,
  robot,
} from './oauth/provider.ts'
import { bin, served } from './served.ts'

const home = mkdtempSync(join(tmpdir(), 'oauth-'))
const workspace = await createWorkspace({ seed: 'small', rateLimit: false })
const { url: base_url, accessToken } = await workspace.listen()
const [jwt, opaque, stepUp] = await Promise.all([freePort(), freePort(), freePort()])
const resourceAt = (port: number) => `http://127.0.0.1:${port}/mcp`
const elsewhere = 'https://other.example.com/mcp'
const all = 'intercom:read intercom:write intercom:send'
const authority = await authorizationServer(
  new Map([
    [resourceAt(jwt), { format: 'jwt', seconds: 3 }],
    [resourceAt(opaque), { format: 'opaque', seconds: 600 }],
    [resourceAt(stepUp), { format: 'jwt', seconds: 600 }],
    [elsewhere, { format: 'jwt', seconds: 600 }],
  ]),
)
const servers = await Promise.all([
  serve(jwt, { clock_tolerance_seconds: 0 }),
  serve(opaque, {
    introspection: { client_id: introspecting.client_id, client_secret_env: 'SECRET', cache_seconds: 0 },
  }),
  serve(
    stepUp,
    { scopes: ['intercom:read'] },
    { sends: 'confirm' },
    {
      operators: [{ name: 'grace', subject: desk.client_id, client: desk.client_id }],
      journal: join(home, 'sends.db'),
    },
  ),
])
const started = performance.now()

let [held, failed, attacks, accepted] = [0, 0, 0, 0]

async function holds(what: string, check: () => Promise<void>): Promise<void> {
  try {
    await check()
    held += 1
    console.log(`✓ ${what}`)
  } catch (error) {
    failed += 1
    console.log(`✗ ${what}: ${error instanceof Error ? error.stack : error}`)
  }
}

/** A token that must not count at a server. */
async function refused(what: string, port: number, token: string, code: string): Promise<void> {
  attacks += 1
  await holds(`refused: ${what}`, async () => {
    const response = await fetch(`http://127.0.0.1:${port}/actions`, {
      headers: { Authorization: `Bearer ${token}` },
    })
    if (response.ok) accepted += 1
    assert.deepEqual([((await response.json()) as { code?: string }).code], [code])
  })
}

try {
  const ada = signingIn()
  await holds('code with PKCE, after registering the client: lists and calls the tools', async () => {
    const client = await connected(jwt, ada)
    assert.equal(ada.authorized.length, 1)
    const asked = ada.authorized[0]?.searchParams
    assert.deepEqual(
      ['code_challenge_method', 'resource', 'scope'].map((name) => asked?.get(name)),
      ['S256', resourceAt(jwt), `${all} offline_access`],
    )
    const { tools } = await client.listTools()
    assert.ok(tools.some(({ name }) => name === 'reply_to_conversation'))
    assert.equal((await client.callTool({ name: 'list_tags', arguments: {} })).isError, false)
    const claims = JSON.parse(Buffer.from(ada.token().split('.')[1] ?? '', 'base64url').toString())
    assert.deepEqual([claims.aud, claims.sub, claims.iss], [resourceAt(jwt), 'ada', authority.issuer])
    await client.close()
  })
  const first = ada.token()
  await pause(4000)
  await refused('an expired token', jwt, first, 'token_expired')
  await holds('an expired token is refreshed without the user', async () => {
    const client = await connected(jwt, ada)
    assert.equal((await client.callTool({ name: 'list_tags', arguments: {} })).isError, false)
    assert.equal(ada.authorized.length, 1)
    assert.notEqual(ada.token(), first)
    await client.close()
  })
  await refused('an ID token', jwt, await signedInWithId(), 'wrong_token_type')
  await refused('a token for another resource', jwt, await robotToken(elsewhere), 'wrong_audience')
  await refused(
    'a token for another server of ours',
    jwt,
    await robotToken(resourceAt(stepUp)),
    'wrong_audience',
  )

  const eve = signingIn()
  await holds('opaque tokens: introspection', async () => {
    const client = await connected(opaque, eve)
    assert.ok(!eve.token().includes('.'))
    assert.equal((await client.callTool({ name: 'list_tags', arguments: {} })).isError, false)
    await client.close()
  })
  await refused('an opaque token at another server', jwt, eve.token(), 'malformed_token')
  await refused('a refresh token', opaque, String(eve.saved?.refresh_token), 'wrong_audience')
  await refused('a token that was made up', opaque, 'made-up-by-somebody', 'token_inactive')
  await post('/token/revocation', { token: eve.token(), client_id: String(eve.client?.client_id) })
  await refused('a revoked token', opaque, eve.token(), 'token_inactive')

  await holds('step-up: a call that needs more asks the user, and is made', async () => {
    const grace = signingIn(desktop)
    const client = await connected(stepUp, grace)
    assert.equal(grace.authorized[0]?.searchParams.get('scope'), 'intercom:read offline_access')
    const { tools } = await client.listTools()
    const tool = tools.find(({ name }) => name === 'create_note')
    assert.deepEqual(tool?._meta?.['securitySchemes'], [{ type: 'oauth2', scopes: ['intercom:write'] }])
    const { structuredContent } = await client.callTool({
      name: 'search_contacts',
      arguments: { query_field: 'role', query_value: 'user' },
    })
    const contact_id = JSON.stringify(structuredContent).match(/"id":"([\da-f]{24})"/)?.[1]
    const note = { name: 'create_note', arguments: { contact_id, body: 'Noted' } }
    await assert.rejects(client.callTool(note), UnauthorizedError)
    assert.equal(grace.authorized.length, 2)
    assert.equal(
      grace.authorized[1]?.searchParams.get('scope')?.split(' ').toSorted().join(' '),
      'intercom:read intercom:write offline_access',
    )
    await client.close()
    const again = await connected(stepUp, grace)
    assert.equal((await again.callTool(note)).isError, false)
    await again.close()
  })
  await holds('client credentials: a program without a user, with fewer scopes', async () => {
    const token = await robotToken(resourceAt(stepUp), 'intercom:write')
    const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' }
    const call = await fetch(`http://127.0.0.1:${stepUp}/actions/list_tags`, {
      method: 'POST',
      headers,
      body: '{}',
    })
    assert.equal(call.status, 403)
    assert.match(
      String(call.headers.get('www-authenticate')),
      /error="insufficient_scope".*scope="intercom:read intercom:write"/,
    )
  })
  await holds('approvals: a call is held, and an operator who signs in approves it', async () => {
    const at = `http://127.0.0.1:${stepUp}`
    const [conversation_id, admin_id] = [await firstOf('conversations'), await firstOf('admins')]
    const reply = { conversation_id, reply_type: 'admin', admin_id, body: 'Hello' }
    const send = (token: string, path: string, body: object) =>
      fetch(`${at}${path}`, {
        method: 'POST',
        headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
      })
    const caller = await robotToken(resourceAt(stepUp), `${all} intercom:approve`)
    const held = await send(caller, '/actions/reply_to_conversation', reply)
    assert.equal(held.status, 202)
    const decision = `${held.headers.get('location')}/decision`
    const approve = { decision: 'approve' }
    assert.equal((await send(caller, decision, approve)).status, 403)
    const operator = await tokenFor(desk, resourceAt(stepUp), 'intercom:approve')
    assert.equal((await send(operator, '/actions/list_tags', {})).status, 403)
    assert.equal((await send(operator, decision, approve)).status, 200)
    const outcome = await send(caller, '/actions/reply_to_conversation', reply)
    assert.deepEqual([outcome.status, outcome.headers.get('x-approval-decision')], [200, 'approve'])
  })
  await holds('key rotation: tokens of the new key and of the old one', async () => {
    const old = await robotToken(resourceAt(stepUp))
    await pause(Math.max(0, 16_000 - (performance.now() - started)))
    await authority.rotate()
    const [next] = [await robotToken(resourceAt(stepUp))]
    assert.notEqual(next.split('.')[0], old.split('.')[0])
    for (const token of [next, old]) {
      const answer = await fetch(`http://127.0.0.1:${stepUp}/actions`, {
        headers: { Authorization: `Bearer ${token}` },
      })
      assert.equal(answer.status, 200)
    }
  })
  const kept = await robotToken(resourceAt(stepUp))
  authority.close()
  await holds(
    'without the authorization server: 503 for what has to be asked, known keys go on',
    async () => {
      const status = async (port: number, token: string) =>
        (await fetch(`http://127.0.0.1:${port}/actions`, { headers: { Authorization: `Bearer ${token}` } }))
          .status
      assert.equal(await status(opaque, 'anything'), 503)
      assert.equal(await status(stepUp, kept), 200)
    },
  )
} finally {
  authority.close()
  await Promise.all(servers.map((server) => server.stop()))
  await workspace.close()
  rmSync(home, { recursive: true })
}
console.log(`${held} hold, ${failed} do not. False tokens: ${attacks} tried, ${accepted} accepted.`)
process.exitCode = failed === 0 ? 0 : 1

async function serve(port: number, auth: object, entry: object = {}, more: object = {}) {
  const path = join(home, `${port}.json`)
  const config = {
    listen: { port, public_url: `http://127.0.0.1:${port}` },
    auth: {
      issuer: authority.issuer,
      allow: [{ access_token_env: 'ACME_TOKEN', base_url, ...entry }],
      ...auth,
    },
    ...more,
  }
  writeFileSync(path, JSON.stringify(config))
  const env = {
    ACME_TOKEN: accessToken,
    SECRET: introspecting.client_secret,
    MODULEX_INTERCOM_API_KEY: undefined,
  }
  return await served([bin, 'serve', '--config', path], env)
}

type Signing = OAuthClientProvider & {
  authorized: URL[]
  saved: StoredOAuthTokens | undefined
  client: { client_id: string } | undefined
  token(): string
}

/** A client's memory; without `client` it registers itself. */
function signingIn(client?: { client_id: string }): Signing {
  let verifier = ''
  let discovered: Awaited<ReturnType<NonNullable<OAuthClientProvider['discoveryState']>>>
  const signing: Signing = {
    authorized: [],
    saved: undefined,
    client,
    token: () => String(signing.saved?.access_token),
    redirectUrl: redirectUri,
    clientMetadata: {
      client_name: 'test',
      redirect_uris: [redirectUri],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: 'none',
      application_type: 'native',
    } as OAuthClientProvider['clientMetadata'],
    clientInformation: () => signing.client,
    saveClientInformation(given) {
      signing.client = given
    },
    tokens: () => signing.saved,
    saveTokens(given) {
      signing.saved = given
    },
    redirectToAuthorization(url) {
      signing.authorized.push(url)
    },
    saveCodeVerifier(given) {
      verifier = given
    },
    codeVerifier: () => verifier,
    saveDiscoveryState(given) {
      discovered = given
    },
    discoveryState: () => discovered,
  }
  return signing
}

/** Connects as a host does: where the user has to sign in, their browser is opened, and the client comes back with the code. */
async function connected(port: number, authProvider: Signing): Promise<Client> {
  const connect = async () => {
    const client = new Client({ name: 'test', version: '1' })
    const transport = new StreamableHTTPClientTransport(new URL(resourceAt(port)), { authProvider })
    return {
      client,
      transport,
      done: await client.connect(transport).then(
        () => true,
        (error) => error as Error,
      ),
    }
  }
  if (authProvider.authorized.length > 1) await finish(port, authProvider) // a step-up has begun
  const one = await connect()
  if (one.done === true) return one.client
  if (!(one.done instanceof UnauthorizedError)) throw one.done
  await finish(port, authProvider)
  const two = await connect()
  if (two.done !== true) throw two.done
  return two.client
}

async function finish(port: number, authProvider: Signing): Promise<void> {
  const url = authProvider.authorized.at(-1)
  assert.ok(url)
  const transport = new StreamableHTTPClientTransport(new URL(resourceAt(port)), { authProvider })
  await transport.finishAuth(await browse(url))
}

async function post(path: string, form: Record<string, string>): Promise<{ [key: string]: string }> {
  const response = await fetch(`${authority.issuer}${path}`, {
    method: 'POST',
    body: new URLSearchParams(form),
  })
  const text = await response.text()
  assert.ok(response.ok, text)
  return text === '' ? {} : (JSON.parse(text) as { [key: string]: string })
}

function robotToken(resource: string, scope = all): Promise<string> {
  return tokenFor(robot, resource, scope)
}

async function tokenFor(client: typeof robot, resource: string, scope: string): Promise<string> {
  const { access_token = '' } = await post('/token', {
    grant_type: 'client_credentials',
    ...client,
    resource,
    scope,
  })
  return access_token
}

async function firstOf(list: string): Promise<string> {
  const answer = await fetch(`${base_url}/${list}`, { headers: { Authorization: `Bearer ${accessToken}` } })
  const { [list]: all = [] } = (await answer.json()) as { [name: string]: { id: string }[] }
  return String(all[0]?.id)
}

/** What a client gets that signs a user in for itself. */
async function signedInWithId(): Promise<string> {
  const verifier = 'a-verifier-of-more-than-forty-three-characters-0'
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier))
  const url = new URL(`${authority.issuer}/auth`)
  url.search = new URLSearchParams({
    client_id: desktop.client_id,
    redirect_uri: redirectUri,
    response_type: 'code',
    scope: 'openid',
    code_challenge: Buffer.from(digest).toString('base64url'),
    code_challenge_method: 'S256',
  }).toString()
  const code = (await browse(url)).get('code') ?? ''
  const form = { grant_type: 'authorization_code', code, redirect_uri: redirectUri, code_verifier: verifier }
  return String((await post('/token', { ...form, client_id: desktop.client_id }))['id_token'])
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address !== null ? address.port : 0
}
