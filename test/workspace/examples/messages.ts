import { fresh, makeLead, makeUser, myId, type Situation, type Situations } from './situation.ts'

/** Messages of contacts and admins. */
export const messageSituations: Situations = {
  'POST /messages 200 user message created': fresh(async (desk) => ({
    path: '/messages',
    body: {
      from: { type: 'user', id: await makeUser(desk) },
      body: 'heyy',
      referer: 'https://twitter.com/bob',
    },
  })),
  'POST /messages 200 lead message created': fresh(async (desk) => ({
    path: '/messages',
    body: {
      from: { type: 'lead', id: await makeLead(desk) },
      body: 'heyy',
      referer: 'https://twitter.com/bob',
    },
  })),
  'POST /messages 200 admin message created': message({ message_type: 'conversation', body: 'heyy' }),
  'POST /messages 400 No body supplied for message': message({
    message_type: 'inapp',
    body: null,
    subject: 'heyy',
  }),
  'POST /messages 400 No body supplied for email message': message({
    message_type: 'email',
    body: null,
    subject: 'heyy',
  }),
  'POST /messages 422 No subject supplied for email message': fresh(async (desk) => {
    await makeUser(desk)
    const from = { type: 'admin', id: await myId(desk) }
    const body = { from, to: { type: 'user', user_id: '70' }, message_type: 'email', body: 'hey there' }
    return { path: '/messages', body }
  }),
}

function message(body: object): Situation {
  return fresh(async (desk) => {
    const from = { type: 'admin', id: await myId(desk) }
    return { path: '/messages', body: { from, to: { type: 'user', id: await makeUser(desk) }, ...body } }
  })
}
