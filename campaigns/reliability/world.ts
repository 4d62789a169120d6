import { createWorkspace, type Workspace } from '../../src/workspace/index.ts'
import { marksIn, type Target } from './send.ts'

/** A workspace with people to write to, and a reader that knows nothing of any client. */
export type World = {
  workspace: Workspace
  url: string
  accessToken: string
  targets: Target[]
  /** How often each mark stands in the workspace, and how many parts opened a conversation again. */
  count(): Promise<{ counts: Map<string, number>; reopened: number }>
  /** Looks at the outbox, of which only the newest 1,000 entries can be seen: needed every few hundred sends. */
  noteOutbox(): void
  get(path: string): Promise<Record<string, unknown>>
  post(path: string, body: object): Promise<Record<string, unknown>>
  close(): Promise<void>
}

/** Far above what is sent: the headers are there, and nobody has to wait. */
const rateLimit = { app: 900_000, workspace: false } as const

export async function openWorld(people: number): Promise<World> {
  const workspace = await createWorkspace({ seed: 'empty', rateLimit })
  const { url, accessToken } = await workspace.listen()
  const headers = {
    authorization: `Bearer ${accessToken}`,
    'content-type': 'application/json',
    'intercom-version': '2.12',
  }
  const outbox = new Map<string, string>()

  async function ask(method: string, path: string, body?: object): Promise<Record<string, unknown>> {
    const init = body === undefined ? { method } : { method, body: JSON.stringify(body) }
    const response = await fetch(`${url}${path}`, { ...init, headers })
    const json: unknown = await response.json()
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${JSON.stringify(json)}`)
    return json as Record<string, unknown> // an object, by the description of every path asked here
  }

  const get = (path: string) => ask('GET', path)
  const post = (path: string, body: object) => ask('POST', path, body)
  const me = await ask('GET', '/me')
  const admin_id = String(me['id'])
  const targets: Target[] = []
  for (let n = 0; n < people; n++) {
    const { id } = await post('/contacts', { role: 'user', email: `person-${n}@campaign.test` })
    const contact_id = String(id)
    const from = { type: 'user', id: contact_id }
    const { conversation_id } = await post('/conversations', { from, body: 'Hello' })
    targets.push({ contact_id, conversation_id: String(conversation_id), admin_id })
  }

  function noteOutbox(): void {
    for (const { type, id, html } of workspace.control.outbox(1000)) {
      if (type === 'message') outbox.set(id, html)
    }
  }

  async function count() {
    let reopened = 0
    const counts = new Map<string, number>()
    const add = (text: unknown) => {
      for (const mark of marksIn(JSON.stringify(text))) counts.set(mark, (counts.get(mark) ?? 0) + 1)
    }
    for (const { contact_id, conversation_id } of targets) {
      const { conversation_parts } = await ask('GET', `/conversations/${conversation_id}`)
      for (const { body, part_type } of listOf(conversation_parts, 'conversation_parts')) {
        add(body)
        if (part_type === 'open' && body !== null) reopened++
      }
      for await (const { body } of pages(`/contacts/${contact_id}/notes`)) add(body)
    }
    for await (const { source } of pages('/conversations', 'conversations')) {
      add((source as { body: unknown }).body)
    }
    for await (const { email } of pages('/contacts')) add(email)
    noteOutbox()
    for (const html of outbox.values()) add(html)
    return { counts, reopened }
  }

  async function* pages(path: string, key = 'data') {
    let next = ''
    do {
      const page = await ask('GET', `${path}?per_page=150${next}`)
      yield* listOf(page, key)
      const more = (page['pages'] as { next?: unknown } | undefined)?.next
      if (typeof more === 'string') next = `&page=${new URL(more).searchParams.get('page')}`
      else next = more ? `&starting_after=${(more as { starting_after: string }).starting_after}` : ''
    } while (next !== '')
  }

  return {
    workspace,
    url,
    accessToken,
    targets,
    count,
    noteOutbox,
    get,
    post,
    close: () => workspace.close(),
  }
}

function listOf(object: unknown, key: string): Record<string, unknown>[] {
  return (object as Record<string, Record<string, unknown>[]>)[key] ?? []
}
