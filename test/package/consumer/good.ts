// What a strict consumer writes; it compiles against the tarball.

import {
  actions,
  type Contact,
  createIntercom,
  type Description,
  describe,
  type Failure,
  IntercomError,
  type Journal,
} from 'modulex-intercom'
import {
  type Approval,
  holding,
  keepPerforming,
  openApprovals,
  type Preview,
} from 'modulex-intercom/approvals'
import { openWorkspaces, optionsFor, type Workspaces } from 'modulex-intercom/connect'
import { intercomTools } from 'modulex-intercom/functions'
import { mcpServers } from 'modulex-intercom/mcp'
import { createWebhooks } from 'modulex-intercom/webhooks'
import { createWorkspace, type FaultRule } from 'modulex-intercom/workspace'

const workspace = await createWorkspace({ seed: 'small' })
const { accessToken, dispatcher } = workspace
const intercom = createIntercom({ accessToken, dispatcher, timeoutMs: 1000 })

// `success` narrows, also when taken apart.
const contact = await intercom.getContact({ contact_id: '1' })
if (contact.success) {
  const email: string | null = contact.result.email
  const nothing: null = contact.failure
  console.log(email, nothing, contact.trace.attempts)
} else {
  const text: string = contact.error
  const failure: Failure = contact.failure
  console.log(text, failure.outcome, contact.result)
}
const { success, result } = await intercom.getContact({ contact_id: '1' })
if (success) console.log(result.email)
const found = await intercom.searchContacts({ query_field: 'email', query_value: 'a@b.c' })
if (found.success) for (const { id } of found.contacts) console.log(id, found.total_count)
const upserted = await intercom.upsertContact({ email: 'a@b.c' })
if (upserted.success) {
  const type: 'created' | 'updated' = upserted.action_type
  console.log(type)
}

// By name, known or not.
const called = await intercom.call(
  'search_contacts',
  { query_value: 'a@b.c' },
  { signal: new AbortController().signal },
)
if (called.failure === null) console.log(called.output.contacts[0]?.email, called.trace.waits)
const names: string[] = actions.map(({ name }) => name)
for (const name of names) {
  const input: unknown = JSON.parse('{}')
  const { output } = await intercom.call(name, input)
  console.log((await intercom.run(name)).error, output.success ? null : output.error)
}

// Known fields, and those of a workspace alone.
await intercom.searchContacts({
  query_field: 'custom_attributes.plan',
  query_operator: '=',
  query_value: 'pro',
})
const reply = { conversation_id: '1', body: 'Hello' }
await intercom.replyToConversation({ ...reply, reply_type: 'admin', admin_id: '1', message_type: 'note' })
await intercom.replyToConversation({ ...reply, reply_type: 'user', intercom_user_id: '1' })
await intercom.listTags()
await intercom.listTags({}, { signal: new AbortController().signal })

// Toolsets are in the type of a client.
createIntercom({ accessToken: async () => accessToken, workspaceId: 'abc', onRefusedToken: () => {} })
const workspaces: Workspaces = openWorkspaces('workspaces.db', 'key')
createIntercom(optionsFor(workspaces, { id: 'abc', base_url: '' }))
const desk = createIntercom({ accessToken, toolsets: ['desk', 'tickets'] })
const closed = await desk.closeConversation({ conversation_id: '1' })
if (closed.success) console.log(closed.result.state)
const tickets = await desk.searchTickets({ query_field: 'open', query_operator: '=', query_value: 'true' })
if (tickets.success) for (const { ticket_attributes } of tickets.tickets) console.log(ticket_attributes)
const company = await createIntercom({ accessToken, toolsets: ['all'] }).getCompany({ name: 'Acme' })
if (company.success) console.log(company.result.company_id)
intercomTools(desk, { toolsets: ['desk'], sends: 'confirm' })

const described: Description[] = actions.map(describe)
const one: Contact | null = contact.result
const journal: Journal | undefined = undefined
createIntercom({ accessToken, journal })
const { tools } = intercomTools(intercom, { only: ['get_contact'] })
const store = openApprovals('approvals.db')
const approvals = holding(store, { caller: 'support-agent' })
intercomTools(intercom, { sends: 'confirm', approve: ['send', 'delete_contact'], approvals })
const stop: () => Promise<void> = keepPerforming(store, () => [intercom])
const waiting: Approval[] = await store.list({ state: 'waiting' })
const preview: Preview | null | undefined = waiting[0]?.preview
console.log(preview?.to[0]?.warnings, stop)
const isSearch = (name: (typeof tools)[number]['name']) => name === 'search_contacts'
console.log(
  described,
  one,
  tools.filter(({ name }) => isSearch(name)),
  mcpServers(intercom),
  IntercomError.name,
)
const fault: FaultRule = { kind: 'status', status: 503, route: 'GET /contacts/{id}' }
workspace.control.addFault(fault)
const response: Response = await workspace.fetch(new Request('http://workspace/me'))
console.log(response.status)
const webhooks = createWebhooks({ store: 'webhooks.db', clientSecret: 'x' })
webhooks.on('conversation.user.created', ({ data }, { key }) => console.log(data.item.state, key))
await workspace.close()
