import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { startServing } from '../../src/cli/serve/serving.ts'
import { createWorkspace } from '../../src/workspace/index.ts'
import { bearer } from './approvals-desk.ts'

export const eras = {
  '2025-11-25': {},
  '2026-07-28': { versionNegotiation: { mode: 'auto' } },
} as const

/** A folder with a configuration, the key of each of its entries, and the token of a local Intercom. */
export async function configured(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'modulex-intercom-reload-'))
  const workspace = await createWorkspace({ seed: 'small', rateLimit: false })
  const { url, accessToken } = await workspace.listen()
  t.after(async () => {
    await workspace.close()
    rmSync(folder, { recursive: true })
  })
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text)
  write('intercom.token', accessToken)
  return {
    workspace,
    folder,
    path: join(folder, 'serve.json'),
    /** An entry of a key, with the file of it. */
    key(name: string, secret: string, own: object = {}) {
      write(`${name}.key`, secret)
      return { name, key_file: `${name}.key`, access_token_file: 'intercom.token', base_url: url, ...own }
    },
    write: (config: object | string) =>
      write('serve.json', typeof config === 'string' ? config : JSON.stringify(config)),
  }
}

/** `serve`, in this process, until the test ends; and what it says on stderr but for requests. */
export async function serving(t: TestContext, path: string, flags: object = {}) {
  const said: string[] = []
  t.mock.method(console, 'error', (text: string) => void (text.startsWith('{') || said.push(text)))
  const opened: (() => unknown)[] = []
  t.after(async () => {
    for (const close of opened.toReversed()) await close()
  })
  return { said, ...(await startServing({ config: path, port: 0, ...flags }, opened)) }
}

/** An official client of an era that listens for changes of its list of tools. */
export async function listening(t: TestContext, url: string, key: string, era: keyof typeof eras) {
  const told: string[][] = []
  let wake = () => {}
  const onChanged = (_: unknown, tools: { name: string }[] | null) => {
    told.push((tools ?? []).map(({ name }) => name))
    wake()
  }
  const listChanged = { tools: { onChanged, debounceMs: 0 } }
  const client = new Client({ name: 'test', version: '1' }, { ...eras[era], listChanged })
  client.onerror = () => {} // a stream that the server ends
  const opened = Promise.withResolvers<Response>()
  const fetching: typeof fetch = async (input, init) => {
    const answer = await fetch(input, init)
    const listens = new Headers(init?.headers).get('mcp-method') === 'subscriptions/listen'
    if (init?.method === 'GET' || listens) opened.resolve(answer)
    return answer
  }
  const requestInit = { headers: bearer(key) }
  const transport = new StreamableHTTPClientTransport(new URL(`${url}/mcp`), {
    requestInit,
    fetch: fetching,
    reconnectionOptions: {
      initialReconnectionDelay: 60_000,
      maxReconnectionDelay: 60_000,
      reconnectionDelayGrowFactor: 1,
      maxRetries: 0,
    },
  })
  await client.connect(transport)
  t.after(() => client.close())
  const { status, headers } = await opened.promise
  return {
    client,
    told,
    stream: { status, type: headers.get('content-type') },
    /** Resolves once it has been told so often. */
    async toldTimes(count: number): Promise<void> {
      while (told.length < count)
        await new Promise<void>((resolve) => {
          wake = resolve
        })
    },
  }
}
