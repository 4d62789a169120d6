import assert from 'node:assert/strict'
import { createWorkspace } from '../../src/workspace/index.ts'

type Workspace = Awaited<ReturnType<typeof createWorkspace>>
/** Whatever JSON came: wrong guesses read as `undefined` and fail an assertion. */
// biome-ignore lint/suspicious/noExplicitAny: the steps of a job read answers as a model does
export type Json = any

/** What a tool answered. */
export type Called = { ok: boolean; result: Json; text: string }

/** Calls a tool as a model would, over whatever stands between it and the actions. */
export type Call = (tool: string, input?: object) => Promise<Called>

/** A workspace of its own for one job, and eyes that do not go through our code. */
export type Desk = {
  workspace: Workspace
  /** A request over plain HTTP; the body of a success. */
  http(method: 'GET' | 'POST' | 'PUT', path: string, body?: object): Promise<Json>
  admin: string
  person(fields: { email: string; name?: string; role?: 'user' | 'lead' }): Promise<string>
  /** A conversation that the contact begins; its id. */
  conversation(contact: string, body: string): Promise<string>
  /** Texts of the thread, each with the kind of its part and who wrote it. */
  thread(conversation: string): Promise<string[]>
  /** What customers were sent, newest first. */
  outbox(): { to: string[]; text: string }[]
}

/**
 * A support job: the task as a person would give it, the state it starts from, the tool calls that do it, and what
 * must be true afterwards. An evaluation with a model uses `task`, `setUp` and `check` and leaves out `steps`.
 */
export type Trajectory<Start = Json> = {
  name: string
  task(start: Start): string
  setUp(desk: Desk): Promise<Start>
  steps(call: Call, start: Start): Promise<void>
  check(desk: Desk, start: Start): Promise<void>
}

/** Lets TypeScript infer what `setUp` hands to the others. */
export function trajectory<Start>(given: Trajectory<Start>): Trajectory {
  return given
}

/** The answer of a call that has to work. */
export async function done(called: Promise<Called>): Promise<Json> {
  const { ok, result, text } = await called
  assert.ok(ok, text)
  return result
}

/** The text of a call that has to be refused; what it says is all a model has to go on. */
export async function refused(called: Promise<Called>, says: RegExp): Promise<RegExpExecArray> {
  const { ok, text } = await called
  assert.equal(ok, false, text)
  const found = says.exec(text)
  assert.ok(found, text)
  return found
}

export async function openDesk(): Promise<Desk> {
  const workspace = await createWorkspace({ seed: 'small', rateLimit: false })
  const http: Desk['http'] = async (method, path, body) => {
    const response = await workspace.fetch(
      new Request(`http://local${path}`, {
        method,
        headers: {
          authorization: `Bearer ${workspace.accessToken}`,
          'content-type': 'application/json',
          'intercom-version': '2.12',
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    )
    const answer = (await response.json()) as Json
    assert.ok(response.ok, JSON.stringify(answer))
    return answer
  }
  const { admins } = await http('GET', '/admins')
  const admin = String(admins.find((one: Json) => one.has_inbox_seat).id)
  return {
    workspace,
    http,
    admin,
    person: async ({ email, name = 'Somebody', role = 'user' }) =>
      (await http('POST', '/contacts', { email, name, role })).id,
    conversation: async (id, body) =>
      (await http('POST', '/conversations', { from: { type: 'user', id }, body })).conversation_id,
    thread: async (id) => {
      const { conversation_parts } = await http('GET', `/conversations/${id}?display_as=plaintext`)
      return conversation_parts.conversation_parts
        .filter(({ body }: Json) => body !== null)
        .map(({ part_type, author, body }: Json) => `${part_type} by ${author.type}: ${String(body).trim()}`)
    },
    outbox: () =>
      workspace.control
        .outbox(1000)
        .map(({ to, text }) => ({ to: to.map(({ id }) => id), text: text.trim() })),
  }
}
