import assert from 'node:assert/strict'
import { type Desk, openDesk, type Reply } from '../examples/desk.ts'
import { checkConversation, type Expected, type Shown, wakeIfDue } from './model.ts'

interface Person {
  readonly id: string
  readonly role: 'user' | 'lead'
  isArchived: boolean
}

/** A workspace with a clock that stands still, and what is expected to be in it. */
export interface Town {
  readonly desk: Desk
  readonly admin_id: string
  readonly tag: string
  readonly people: Person[]
  readonly conversations: Expected[]
  now(): number
  /** Time goes on, and snoozes that run out end. */
  pass(seconds: number): void
  send(method: string, path: string, body?: unknown): Promise<Reply>
}

/** Opens an empty one. */
export async function openTown(): Promise<Town> {
  const desk = await openDesk()
  const { control } = desk.workspace
  control.clock.freeze()
  const conversations: Expected[] = []
  const { id: admin_id } = await desk.ask<{ id: string }>('GET', '/me')
  const { id: tag } = await desk.ask<{ id: string }>('POST', '/tags', { name: 'Town' })
  return {
    desk,
    admin_id,
    tag,
    people: [],
    conversations,
    now: () => control.clock.get().now,
    pass: (seconds) => {
      const { now } = control.clock.advance(seconds)
      for (const one of conversations) wakeIfDue(one, now)
    },
    send: async (method, path, body) => {
      const reply = await desk.send(method, { path, body })
      assert.ok(reply.status < 500, `${method} ${path}: ${reply.status}`)
      return reply
    },
  }
}

/** Every conversation and every list is as the rules say. */
export async function checkTown(town: Town, perPage: number): Promise<void> {
  const { desk, conversations, people } = town
  for (const expected of conversations) {
    checkConversation(await desk.ask<Shown>('GET', `/conversations/${expected.id}`), expected)
  }
  const ids = conversations.map(({ id }) => id)
  assert.deepEqual(await walk(town, '/conversations', 'conversations', perPage), sorted(ids))
  const present = people.filter(({ isArchived }) => !isArchived).map(({ id }) => id)
  assert.deepEqual(await walk(town, '/contacts', 'data', perPage), sorted(present))
  for (const state of ['open', 'closed', 'snoozed']) {
    const query = { field: 'state', operator: '=', value: state }
    const body = { query, pagination: { per_page: 150 } }
    const found = await desk.ask<{ conversations: Shown[] }>('POST', '/conversations/search', body)
    const expected = conversations.filter((one) => one.state === state).map(({ id }) => id)
    assert.deepEqual(sorted(found.conversations.map(({ id }) => id)), sorted(expected))
  }
}

/** All ids of a list, page by page; each must come once. */
async function walk({ desk }: Town, path: string, key: string, perPage: number): Promise<string[]> {
  const ids: string[] = []
  let after = ''
  for (;;) {
    const page = await desk.ask<{
      total_count: number
      pages: { next?: { starting_after: string } }
      [key: string]: unknown
    }>('GET', `${path}?per_page=${perPage}${after}`)
    ids.push(...(page[key] as { id: string }[]).map(({ id }) => id))
    assert.ok(ids.length <= page.total_count, 'a row came twice')
    if (!page.pages.next) break
    after = `&starting_after=${encodeURIComponent(page.pages.next.starting_after)}`
  }
  return sorted(ids)
}

function sorted(ids: readonly string[]): string[] {
  return ids.toSorted()
}
