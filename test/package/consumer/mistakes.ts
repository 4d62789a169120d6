// Mistakes that a strict consumer must hear of: each line below an expectation fails to compile.

import { createIntercom } from 'modulex-intercom'
import { intercomTools } from 'modulex-intercom/functions'
import { createWebhooks } from 'modulex-intercom/webhooks'

const intercom = createIntercom({ accessToken: 'x' })
const contact = await intercom.getContact({ contact_id: '1' })
// @ts-expect-error: it may have failed
contact.result.email
// @ts-expect-error: an error is there only after a failure
if (contact.success) contact.error.length
// @ts-expect-error: no failure stands behind a success
if (contact.success) contact.failure.code
// @ts-expect-error: a parameter that does not exist
await intercom.getContact({ contactId: '1' })
// @ts-expect-error: a required parameter is missing
await intercom.createNote({ contact_id: '1' })
// @ts-expect-error: so it is
await intercom.getContact()

const reply = { conversation_id: '1', body: 'Hello' }
// @ts-expect-error: an admin's reply without admin_id
await intercom.replyToConversation({ ...reply, reply_type: 'admin' })
// @ts-expect-error: a user's reply with one
await intercom.replyToConversation({ ...reply, reply_type: 'user', intercom_user_id: '1', admin_id: '1' })
// @ts-expect-error: a note by a user
await intercom.replyToConversation({
  ...reply,
  reply_type: 'user',
  intercom_user_id: '1',
  message_type: 'note',
})
// @ts-expect-error: no type of reply
await intercom.replyToConversation({ ...reply, admin_id: '1' })

// @ts-expect-error: no such action
await intercom.call('get_contct', { contact_id: '1' })
// @ts-expect-error: no such action
await intercom.run('get_contct')
// @ts-expect-error: another action's input
await intercom.call('get_contact', { query_value: '1' })
// @ts-expect-error: the input is missing
await intercom.run('get_contact')
// @ts-expect-error: it was made without toolsets
intercom.closeConversation
const desk = createIntercom({ accessToken: 'x', toolsets: ['desk'] })
// @ts-expect-error: of another toolset
desk.getCompany
// @ts-expect-error: no kind of assignee
await desk.assignConversation({ conversation_id: '1', assignee_type: 'user', assignee_id: '1' })
// @ts-expect-error: an admin's reply without admin_id
await createIntercom({ toolsets: ['tickets'] }).replyToTicket({
  ticket_id: '1',
  reply_type: 'admin',
  body: 'x',
})
// @ts-expect-error: no such toolset
createIntercom({ toolsets: ['desks'] })
// @ts-expect-error: no such option
createIntercom({ readonly: true })
// @ts-expect-error: no such choice
createIntercom({ onUnknown: 'resend' })
// @ts-expect-error: no tool has this name
intercomTools(intercom).tools.some(({ name }) => name === 'get_contct')
// @ts-expect-error: no such topic
createWebhooks({ store: 'webhooks.db', clientSecret: 'x' }).on('conversation.user.craeted', () => {})
