import { randomBytes } from 'node:crypto'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import {
  consentUrl,
  exchangeCode,
  type OAuthApp,
  openWorkspaces,
  type Region,
} from '../../src/connect/index.ts'
import { type ConnectOptions, connectMount } from '../../src/server/connect/mount.ts'
import { keyOrToken } from '../../src/server/key-or-token.ts'
import { hashKey } from '../../src/server/keys.ts'
import { createDeveloperHub, createWorkspace, type HubApp } from '../../src/workspace/index.ts'

export const operatorKey = 'an-operators-key-0123456789abcdef'
export const clientSecret = 'a-secret-of-the-app'

/** A local Developer Hub with workspaces of the EU and of Australia, and a file for their tokens. */
export async function developerHub(t: TestContext) {
  const made = await Promise.all([
    createWorkspace({
      fixtures: { app: { id_code: 'eu00001', name: 'Acme <EU>', region: 'EU' }, tags: ['of-eu'] },
    }),
    createWorkspace({
      fixtures: { app: { id_code: 'au00001', name: 'Acme AU', region: 'AU' }, tags: ['of-au'] },
    }),
  ])
  const app: { -readonly [Name in keyof HubApp]: HubApp[Name] } = {
    client_id: 'acme',
    client_secret: clientSecret,
    redirect_urls: ['http://127.0.0.1:1/connect/callback'],
  }
  const hub = await createDeveloperHub({ apps: [app, { ...app, client_id: 'other' }], workspaces: made })
  const { urls, close } = await hub.listen()
  const file = join(mkdtempSync(join(tmpdir(), 'connect-')), 'workspaces.db')
  const key = randomBytes(32).toString('base64')
  const store = openWorkspaces(file, key)
  t.after(async () => {
    await close()
    await Promise.all(made.map((workspace) => workspace.close()))
    store.close()
  })
  const hosts: Record<Region, { app: string; api: string }> = {
    US: { app: urls['app.intercom.com'], api: urls['api.intercom.io'] },
    EU: { app: urls['app.eu.intercom.com'], api: urls['api.eu.intercom.io'] },
    AU: { app: urls['app.au.intercom.com'], api: urls['api.au.intercom.io'] },
  }
  const connecting: OAuthApp & { redirectUrl: string } = {
    clientId: app.client_id,
    clientSecret,
    redirectUrl: app.redirect_urls[0] ?? '',
    hosts,
  }
  return { hub, app, connecting, hosts, store, file, key }
}

type Hub = Awaited<ReturnType<typeof developerHub>>

/** Connects a workspace: somebody agrees, and its token is kept. */
export async function install({ hub, connecting, store }: Hub, id: string): Promise<void> {
  const back = new URL(await hub.agree(consentUrl(connecting, 's'), id))
  const { workspace, accessToken } = await exchangeCode(connecting, back.searchParams.get('code') ?? '')
  await store.save(workspace, accessToken)
}

/** Where workspaces are connected, as a server mounts it. */
export function mountOf({ store, connecting }: Hub, more: Partial<ConnectOptions> = {}) {
  const people = keyOrToken({
    operators: [{ name: 'ada', keyHash: hashKey(operatorKey), callers: null }],
  })
  return connectMount({ workspaces: store, app: connecting, people, ...more })
}

/** Answers a request to the server. */
type Send = (path: string, init: RequestInit) => Promise<Response> | Response

/** A browser: it keeps cookies, and follows no redirect by itself. */
export function browserAt(send: Send) {
  const jar = new Map<string, string>()
  async function ask(path: string, init: RequestInit = {}): Promise<Response> {
    const cookie = [...jar].map((pair) => pair.join('=')).join('; ')
    const answer = await send(path, { redirect: 'manual', ...init, headers: { ...init.headers, cookie } })
    for (const set of answer.headers.getSetCookie()) {
      const [name = '', value = ''] = set.split(';')[0]?.split('=') ?? []
      jar.set(name, value)
    }
    return answer
  }
  /** Begins with an operator's key; gives the address of the consent page. */
  async function begin(key = operatorKey): Promise<string> {
    const answer = await ask('/connect', { method: 'POST', body: new URLSearchParams({ key }) })
    return answer.headers.get('location') ?? ''
  }
  return { jar, ask, begin }
}

/** Path and query of an address: the server is not where the app says. */
export function pathOf(url: string): string {
  const { pathname, search } = new URL(url)
  return `${pathname}${search}`
}
