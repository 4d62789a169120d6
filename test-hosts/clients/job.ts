import assert from 'node:assert/strict'

/** What a generated function answers, as far as the job looks at it. */
export interface Answer {
  readonly success: boolean
  readonly error: string | null
  readonly [key: string]: unknown
}

/** A message that goes to a contact. */
export interface Message {
  from_admin_id: string
  to_contact_id: string
  to_type: 'user'
  message_type: 'in_app'
  subject: string
  body: string
}

/** A reply by an admin. */
export interface Reply {
  conversation_id: string
  reply_type: 'admin'
  admin_id: string
  body: string
}

/** The actions, each called through a client that was generated. */
export interface Actions {
  listTags(): Promise<Answer>
  listAdmins(): Promise<Answer>
  upsertContact(body: { email: string; role: 'user'; name: string }): Promise<Answer>
  getContact(body: { contact_id: string }): Promise<Answer>
  /** Read from the typed answer. */
  emailOf(body: { contact_id: string }): Promise<string | null | undefined>
  searchContacts(body: { query_field: string; query_value: string }): Promise<Answer>
  createNote(body: { contact_id: string; body: string }, key: string): Promise<Answer>
  addTagToContact(body: { contact_id: string; tag_id: string }): Promise<Answer>
  sendIncomingMessage(body: { contact_id: string; body: string }): Promise<Answer>
  sendMessageToContact(body: Message): Promise<Answer>
  replyToConversation(body: Reply): Promise<Answer>
  getConversation(body: { conversation_id: string }): Promise<Answer>
  listConversations(body: { per_page: number }): Promise<Answer>
  searchConversations(body: {
    query_field: string
    query_operator: string
    query_value: string
  }): Promise<Answer>
}

/** Does a piece of support with all thirteen, each once or more, and looks at what came of it. */
export async function work(actions: Actions): Promise<void> {
  const tag_id = String(first(done(await actions.listTags())['result'], 'data')['id'])
  const { admins } = done(await actions.listAdmins())['result'] as { admins: Record<string, unknown>[] }
  const admin_id = String(admins.find((one) => one['has_inbox_seat'])?.['id'])
  const email = `${crypto.randomUUID()}@clients.test`
  const made = done(await actions.upsertContact({ email, role: 'user', name: 'Ada' }))
  assert.equal(made['action_type'], 'created')
  const contact_id = String((made['contact'] as Record<string, unknown>)['id'])
  assert.equal((done(await actions.getContact({ contact_id }))['result'] as { email: string }).email, email)
  assert.equal(await actions.emailOf({ contact_id }), email)
  const found = done(await actions.searchContacts({ query_field: 'email', query_value: email }))
  assert.equal(found['total_count'], 1)
  done(await actions.addTagToContact({ contact_id, tag_id }))

  const key = crypto.randomUUID()
  const notes = [
    done(await actions.createNote({ contact_id, body: 'Once' }, key)),
    done(await actions.createNote({ contact_id, body: 'Once' }, key)),
  ]
  assert.deepEqual(notes[0], notes[1])
  const other = await actions.createNote({ contact_id, body: 'Twice' }, key)
  assert.match(String(other.error), /idempotency_key_mismatch/)

  const begun = done(await actions.sendIncomingMessage({ contact_id, body: 'Where is my parcel?' }))
  const { conversation_id } = begun['result'] as { conversation_id: string }
  done(
    await actions.replyToConversation({ conversation_id, reply_type: 'admin', admin_id, body: 'On its way' }),
  )
  done(
    await actions.sendMessageToContact({
      from_admin_id: admin_id,
      to_contact_id: contact_id,
      to_type: 'user',
      message_type: 'in_app',
      subject: 'Hello',
      body: 'Welcome',
    }),
  )
  assert.match(JSON.stringify(done(await actions.getConversation({ conversation_id }))), /On its way/)
  assert.equal(
    (done(await actions.listConversations({ per_page: 2 }))['conversations'] as object[]).length,
    2,
  )
  const theirs = done(
    await actions.searchConversations({
      query_field: 'contact_ids',
      query_operator: '=',
      query_value: contact_id,
    }),
  )
  assert.equal(first(theirs, 'conversations')['id'], conversation_id)

  const missing = await actions.getContact({ contact_id: '000000000000000000000000' })
  assert.equal(missing.success, false)
  assert.match(String(missing.error), /not_found/)
}

function done(answer: Answer): Answer {
  assert.ok(answer.success, String(answer.error))
  return answer
}

function first(of: unknown, list: string): Record<string, unknown> {
  const [item] = (of as Record<string, Record<string, unknown>[]>)[list] ?? []
  assert.ok(item)
  return item
}
