import type { Workspace } from '../../src/workspace/index.ts'

/** A workspace, as a reader and writer who knows nothing of any client. */
type World = {
  targets: { admin_id: string }[]
  get(path: string): Promise<Record<string, unknown>>
  post(path: string, body: object): Promise<Record<string, unknown>>
}

/** The same of a workspace in memory. */
export async function worldOf({ fetch, accessToken }: Workspace): Promise<World> {
  const headers = { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' }
  const ask = async (method: string, path: string, body?: object) => {
    const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) }
    const response = await fetch(new Request(`http://local${path}`, init))
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`)
    return (await response.json()) as Record<string, unknown>
  }
  const me = await ask('GET', '/me')
  return {
    targets: [{ admin_id: String(me['id']) }],
    get: (path) => ask('GET', path),
    post: (path, body) => ask('POST', path, body),
  }
}

/** A non-idempotent action of a toolset, on things of its own. */
export type Case = {
  action: string
  /** What tells it from another of the same action. */
  what?: string
  /** In Intercom it cannot be done twice. */
  once?: true
  /** What it writes with. */
  route: string
  /** A good input: makes what the action is about. */
  input(world: World): Promise<Record<string, string>>
  /** How often what was asked for has been done. */
  count(world: World, input: Record<string, string>): Promise<number>
}

type Row = Record<string, unknown>

const contact = async (world: World, role: string) =>
  String((await world.post('/contacts', { role, email: `${crypto.randomUUID()}@campaign.test` }))['id'])

async function conversation(world: World, closed: boolean): Promise<string> {
  const id = await contact(world, 'user')
  const { conversation_id } = await world.post('/conversations', {
    from: { type: 'user', id },
    body: 'Hello',
  })
  const admin_id = world.targets[0]?.admin_id
  if (closed)
    await world.post(`/conversations/${conversation_id}/parts`, {
      message_type: 'close',
      type: 'admin',
      admin_id,
    })
  return String(conversation_id)
}

const types = new WeakMap<World, Promise<string>>()

/** A ticket type of the world, made once. */
function ticketType(world: World): Promise<string> {
  const make = async () =>
    String((await world.post('/ticket_types', { name: 'Fault', category: 'Customer' }))['id'])
  const type = types.get(world) ?? make()
  types.set(world, type)
  return type
}

/** An action that leaves a part of a type in a conversation. */
function leaving(
  action: string,
  part_type: string,
  more: (world: World) => Record<string, string> = () => ({}),
): Case {
  return {
    action,
    route: 'POST /conversations/{id}/parts',
    input: async (world) => ({
      conversation_id: await conversation(world, action === 'open_conversation'),
      ...more(world),
    }),
    count: async (world, { conversation_id }) => {
      const { conversation_parts } = await world.get(`/conversations/${conversation_id}`)
      const parts = (conversation_parts as { conversation_parts: Row[] }).conversation_parts
      return parts.filter((part) => part['part_type'] === part_type).length
    },
  }
}

export const toolsetCases: readonly Case[] = [
  leaving('close_conversation', 'close'),
  leaving('open_conversation', 'open'),
  leaving('snooze_conversation', 'snoozed', () => ({ snoozed_until: '2099-02-01T09:00:00Z' })),
  leaving('assign_conversation', 'assignment', ({ targets }) => ({
    assignee_type: 'admin',
    assignee_id: String(targets[0]?.admin_id),
  })),
  {
    action: 'merge_contacts',
    once: true,
    route: 'POST /contacts/merge',
    input: async (world) => ({
      from_contact_id: await contact(world, 'lead'),
      into_contact_id: await contact(world, 'user'),
    }),
    count: (world, { from_contact_id }) =>
      world.get(`/contacts/${from_contact_id}`).then(
        () => 0,
        () => 1, // the lead is gone
      ),
  },
  {
    action: 'create_article',
    route: 'POST /articles',
    input: async ({ targets }) => ({
      title: `mark${crypto.randomUUID().replaceAll('-', '')}`,
      author_id: String(targets[0]?.admin_id),
      body: '<p>How to</p>',
    }),
    count: async (world, { title }) =>
      Number((await world.get(`/articles/search?phrase=${title}&state=all`))['total_count']),
  },
  {
    action: 'create_ticket',
    route: 'POST /tickets',
    input: async (world) => ({
      ticket_type_id: await ticketType(world),
      contact_id: await contact(world, 'user'),
      title: 'It broke',
    }),
    count: async (world, { contact_id }) => {
      const query = { field: 'contact_ids', operator: '=', value: contact_id }
      return Number((await world.post('/tickets/search', { query }))['total_count'])
    },
  },
  {
    action: 'create_ticket',
    what: 'of a conversation',
    once: true,
    route: 'POST /conversations/{id}/convert',
    input: async (world) => ({
      ticket_type_id: await ticketType(world),
      conversation_id: await conversation(world, false),
      title: 'It broke',
    }),
    count: async (world, { conversation_id }) =>
      (await world.get(`/conversations/${conversation_id}`))['ticket'] ? 1 : 0,
  },
  {
    action: 'reply_to_ticket',
    route: 'POST /tickets/{id}/reply',
    input: async (world) => {
      const contacts = [{ id: await contact(world, 'user') }]
      const ticket_type_id = await ticketType(world)
      const { id } = await world.post('/tickets', { ticket_type_id, contacts, ticket_attributes: {} })
      const admin_id = String(world.targets[0]?.admin_id)
      return { ticket_id: String(id), reply_type: 'admin', admin_id, body: 'On it' }
    },
    count: async (world, { ticket_id }) => {
      const { ticket_parts } = await world.get(`/tickets/${ticket_id}`)
      const parts = (ticket_parts as { ticket_parts: Row[] }).ticket_parts
      return parts.filter(({ body }) => String(body).includes('On it')).length
    },
  },
]
