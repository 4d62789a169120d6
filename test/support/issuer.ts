import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose'

/** A key of an issuer: `jwk` is the public half. */
export type SigningKey = { kid: string; alg: string; private: CryptoKey; jwk: JWK }

export async function signingKey(kid: string, alg = 'ES256'): Promise<SigningKey> {
  const pair = await generateKeyPair(alg, { extractable: true })
  const jwk = { ...(await exportJWK(pair.publicKey)), kid, alg, use: 'sig' }
  return { kid, alg, private: pair.privateKey, jwk }
}

const first = await signingKey('first')

export const resource = 'https://mcp.example.com/mcp'

/**
 * A tiny authorization server on loopback: metadata, keys and introspection, no sign-in. What it answers can be changed at
 * any time; `asked` counts requests by path.
 */
export async function issuer(t: TestContext, path = '') {
  const state = {
    keys: [first.jwk] as JWK[],
    metadata: {} as Record<string, unknown>,
    /** By token; what is not there is inactive. */
    known: new Map<string, Record<string, unknown>>(),
    /** Path to the URL that it redirects to. */
    redirects: new Map<string, string>(),
    asked: {} as Record<string, number>,
    isDown: false,
    /** The credentials with which introspection was asked, and the last token. */
    seen: [] as { authorization: string | undefined; token: string | null }[],
  }
  let held: Record<'asked' | 'released', PromiseWithResolvers<void>> | null = null
  const server = createServer((request, response) => {
    const at = request.url ?? ''
    state.asked[at] = (state.asked[at] ?? 0) + 1
    if (state.isDown) return void request.socket.destroy()
    const json = (value: unknown, status = 200) => {
      response.writeHead(status, { 'Content-Type': 'application/json' })
      response.end(JSON.stringify(value))
    }
    const elsewhere = state.redirects.get(at)
    if (elsewhere !== undefined) {
      response.writeHead(302, { Location: elsewhere })
      response.end()
      return
    }
    if (at === `/.well-known/oauth-authorization-server${path.replace(/\/$/, '')}`)
      return json(state.metadata)
    if (at === '/keys') return json({ keys: state.keys })
    if (at !== '/introspect') return json({ error: 'not_found' }, 404)
    let body = ''
    request.on('data', (chunk) => {
      body += chunk
    })
    request.on('end', async () => {
      held?.asked.resolve()
      await held?.released.promise
      const token = new URLSearchParams(body).get('token')
      state.seen.push({ authorization: request.headers.authorization, token })
      if (request.headers.authorization !== `Basic ${btoa('intercom-mcp:a-secret')}`)
        return json({ error: 'invalid_client' }, 401)
      const claims = state.known.get(token ?? '')
      json(claims === undefined ? { active: false } : { active: true, ...claims })
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const url = `${origin}${path}`
  state.metadata = {
    issuer: url,
    jwks_uri: `${origin}/keys`,
    introspection_endpoint: `${origin}/introspect`,
    code_challenge_methods_supported: ['S256'],
  }
  const now = () => Math.floor(Date.now() / 1000)
  const claims = (own: Record<string, unknown> = {}): Record<string, unknown> => ({
    iss: url,
    aud: resource,
    sub: 'ada',
    client_id: 'a-client',
    scope: 'intercom:read intercom:write intercom:send',
    iat: now(),
    exp: now() + 300,
    ...own,
  })
  return Object.assign(state, {
    url,
    origin,
    now,
    claims,
    /** Answers about tokens wait until they are released; `asked`: one waits. */
    hold() {
      const one = { asked: Promise.withResolvers<void>(), released: Promise.withResolvers<void>() }
      held = one
      return {
        asked: one.asked.promise,
        release() {
          held = null
          one.released.resolve()
        },
      }
    },
    /** A token as it should be, but for what is given. */
    async token(own: Record<string, unknown> = {}, header: object = {}, key = first): Promise<string> {
      return await new SignJWT(claims(own) as JWTPayload)
        .setProtectedHeader({ alg: key.alg, typ: 'at+jwt', kid: key.kid, ...header })
        .sign(key.private)
    },
  })
}

export type Issuer = Awaited<ReturnType<typeof issuer>>
