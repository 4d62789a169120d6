import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { createIntercom } from '../../src/index.ts'
import { journalOf } from '../../src/server/rest/idempotency.ts'
import { createWorkspace } from '../../src/workspace/index.ts'
import { type Answered, rest } from '../support/rest.ts'

// What workflow hosts do: they repeat what they think is passing, without asking anybody.
const workspace = await createWorkspace({ seed: 'small', rateLimit: false })
const { url, accessToken } = await workspace.listen()
const directory = mkdtempSync(join(tmpdir(), 'modulex-intercom-hosts-'))
const journal = journalOf(join(directory, 'journal.db'), 2 ** 29)
const intercom = createIntercom({
  accessToken,
  baseUrl: url,
  settleMs: [10, 20],
  timeoutMs: 200,
  deadlineMs: 3000,
  journal,
})
const { call } = rest(intercom, { idempotencyScope: 'host' })
/** Prepares and looks, without the short timeouts. */
const observer = createIntercom({ accessToken, baseUrl: url })
after(async () => {
  await intercom.close()
  journal.close()
  await workspace.close()
  rmSync(directory, { recursive: true })
})

const { result: staff } = await observer.listAdmins()
const admin_id = String(staff?.admins.find(({ has_inbox_seat }) => has_inbox_seat)?.id)
const { contacts } = await observer.searchContacts({ query_field: 'role', query_value: 'user' })
const contact_id = String(contacts[0]?.id)

const faults = [
  { kind: 'status', status: 408 },
  { kind: 'status', status: 425 },
  { kind: 'status', status: 500 },
  { kind: 'status', status: 503 },
  { kind: 'html' },
  { kind: 'reset' },
  { kind: 'hang' },
  { kind: 'delay', ms: 400 },
  { kind: 'commit_reset' },
  { kind: 'commit_502' },
  { kind: 'commit_cut' },
  { kind: 'cut_commit', ms: 300 },
  { kind: 'stall' },
  { kind: 'drip', ms: 50, bytes: 16 },
  { kind: 'cut_json' },
  { kind: 'content_type' },
] as const

/** How a host goes about a call: its key, if it sends one, and which answers it repeats. */
const hosts: [what: string, key: () => string | undefined, repeats: (status: number) => boolean][] = [
  ['repeats what passes', () => undefined, (status) => [408, 425, 429].includes(status) || status >= 500],
  ['repeats whatever failed, under a key', () => crypto.randomUUID(), (status) => status !== 200],
]

type Send = { name: string; route: string; input(): Promise<object>; made(input: object): Promise<number> }

const sends: Send[] = [
  {
    name: 'reply_to_conversation',
    route: 'POST /conversations/{id}/reply',
    async input() {
      const { result } = await observer.sendIncomingMessage({
        contact_id,
        body: `Hello ${crypto.randomUUID()}`,
      })
      const conversation_id = String(result?.conversation_id)
      return { conversation_id, reply_type: 'admin', admin_id, body: 'It is on its way' }
    },
    async made(input) {
      const { conversation_id } = input as { conversation_id: string }
      const { result } = await observer.getConversation({ conversation_id })
      const parts = result?.conversation_parts.conversation_parts ?? []
      return parts.filter(({ body }) => body !== null).length
    },
  },
  {
    name: 'send_message_to_contact', // which cannot be read back
    route: 'POST /messages',
    input: async () => ({
      from_admin_id: admin_id,
      to_contact_id: contact_id,
      subject: '',
      body: crypto.randomUUID(),
    }),
    made: async (input) =>
      workspace.control.outbox(1000).filter(({ text }) => text.includes((input as { body: string }).body))
        .length,
  },
]

for (const [what, keyOf, repeats] of hosts) {
  for (const fault of faults) {
    test(`a host that ${what} sends nothing twice under ${JSON.stringify(fault)}, and is told no untruth`, async () => {
      for (const { name, route, input, made } of sends) {
        const given = await input()
        workspace.control.addFault({ ...fault, route, count: 1 })
        const key = keyOf()
        let answer: Answered | undefined
        for (let times = 0; times < 4; times += 1) {
          answer = await call(name, given, key)
          if (!repeats(answer.status)) break
        }
        await sleep(fault.kind === 'delay' || fault.kind === 'cut_commit' ? 400 : 0) // what comes late has come
        workspace.control.clearFaults()
        const times = await made(given)
        assert.ok(times === 0 || times === 1, `${name}: ${times}`)
        if (answer?.status === 200) assert.equal(times, 1, name)
        else assert.ok(answer?.outcome === 'unknown' || times === 0, JSON.stringify(answer?.body))
      }
    })
  }
}
