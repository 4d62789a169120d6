import type { TestContext } from 'node:test'
import { openApprovals } from '../../src/approvals/store.ts'
import { createIntercom } from '../../src/index.ts'
import { servedApprovals } from '../../src/server/approvals/serving.ts'
import type { Caller } from '../../src/server/caller.ts'
import { keyOrToken } from '../../src/server/key-or-token.ts'
import { hashKey } from '../../src/server/keys.ts'
import { mcpMount, restMounts } from '../../src/server/mounts.ts'
import { trafficOf } from '../../src/server/rest/index.ts'
import { studioMount } from '../../src/server/studio/mount.ts'
import { createWorkspace } from '../../src/workspace/index.ts'
import { approvalsFile, ask, keys, operators } from './approvals-desk.ts'
import { served } from './served.ts'

export const adminKey = 'key-of-the-control-plane-00000'

/** What the server of a test is; by default a local Intercom, one caller without a key, and a clock of its own. */
export type StudioOptions = {
  /** Whether it calls a local Intercom that the studio may ask too. */
  local?: boolean
  callers?: Partial<Caller>[]
  publicUrl?: string
  shutdownSeconds?: number
}

/** A server with the studio, that ends with the test. */
export async function studio(t: TestContext, options: StudioOptions = {}) {
  const { local = true, publicUrl } = options
  let now = Date.now()
  const workspace = await createWorkspace({ adminKey })
  const { accessToken, dispatcher } = workspace
  t.after(() => workspace.close())
  const callers = (options.callers ?? [{}]).map((own): Caller => {
    const traffic = trafficOf()
    const { onResponse } = traffic
    return {
      name: 'agent',
      keyHash: null,
      intercom: createIntercom({ accessToken, dispatcher, toolsets: ['all'], onResponse }),
      traffic,
      access: {},
      output: 'full',
      callsPerMinute: 10_000,
      concurrentCalls: 10,
      ...own,
    }
  })
  const people = local ? [] : operators
  const store = openApprovals(approvalsFile(t), { now: () => now })
  const approvals = servedApprovals({ store, operators: people, publicUrl })
  const page = studioMount({
    callers,
    people: keyOrToken({ operators: people, callers }),
    approvalsOf: approvals.routesFor,
    publicUrl,
    now: () => now,
    ...(local && {
      local: {
        url: 'http://127.0.0.1:1',
        fetch: (request: Request) => workspace.fetch(request),
        accessToken,
        adminKey,
      },
      localOperator: { name: 'you', keyHash: hashKey('nobody has this'), callers: null },
    }),
  })
  const serving = await served(t, () => new Response(), {
    callers,
    mounts: [mcpMount({ bodyBytes: 1024 * 1024 }), ...restMounts(), approvals.mount, page],
    hosts: publicUrl === undefined ? [] : [new URL(publicUrl).hostname],
    limits: { shutdownSeconds: options.shutdownSeconds ?? 1 },
  })
  t.after(() => approvals.close())
  return {
    ...serving,
    workspace,
    store,
    link: () => page.link(),
    pass(ms: number) {
      now += ms
    },
  }
}

/** The code of a link. */
export function codeOf(link: string): string {
  return link.split('#code=')[1] ?? ''
}

/** Signs in as a browser does; answers the headers that its page sends from then on. */
export async function signedIn(
  url: string,
  given: { code: string } | { key: string },
  before: Record<string, string> = {},
): Promise<Record<string, string>> {
  const { headers, body } = await ask(url, 'POST /studio/api/session', { Origin: url, ...before }, given)
  const cookie = headers.get('set-cookie')?.split(';', 1)[0] ?? ''
  return { Cookie: cookie, 'X-Studio-Token': body.token, Origin: url }
}

export { ask, keys }
