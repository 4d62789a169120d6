import {
  always,
  fresh,
  makeLead,
  makeTag,
  makeUser,
  myId,
  NOBODY,
  type Situations,
  seeded,
} from './situation.ts'

const newest = {
  query: { operator: 'AND', value: [{ field: 'created_at', operator: '>', value: '1306054154' }] },
}
const untitled = { body: 'This is a note.' }

/** Contacts, their notes and tags; messages are with conversations. */
export const contactSituations: Situations = {
  'GET /me 200 Successful response': always('/me'),
  'GET /contacts 200 successful': always('/contacts'),
  'POST /contacts 200 successful': always('/contacts', { email: 'joebloggs@intercom.io' }),
  'POST /contacts/search 200 successful': always('/contacts/search', {
    ...newest,
    pagination: { per_page: 5 },
  }),
  'GET /contacts/{id} 200 successful': fresh(async (desk) => ({ path: `/contacts/${await makeUser(desk)}` })),
  'PUT /contacts/{id} 200 successful': fresh(async (desk) => ({
    path: `/contacts/${await makeUser(desk)}`,
    body: { email: 'joebloggs@intercom.io', name: 'joe bloggs' },
  })),
  'DELETE /contacts/{id} 200 successful': fresh(async (desk) => ({
    path: `/contacts/${await makeUser(desk)}`,
  })),
  'POST /contacts/{id}/archive 200 successful': fresh(async (desk) => ({
    path: `/contacts/${await makeUser(desk)}/archive`,
  })),
  'POST /contacts/{id}/unarchive 200 successful': fresh(async (desk) => {
    const id = await makeUser(desk)
    await desk.ask('POST', `/contacts/${id}/archive`)
    return { path: `/contacts/${id}/unarchive` }
  }),
  'POST /contacts/merge 200 successful': fresh(async (desk) => ({
    path: '/contacts/merge',
    body: { from: await makeLead(desk), into: await makeUser(desk) },
  })),

  'GET /contacts/{id}/notes 200 Successful response': fresh(async (desk) => {
    const path = `/contacts/${await makeUser(desk)}/notes`
    for (let written = 0; written < 3; written += 1) await desk.ask('POST', path, untitled)
    return { path }
  }),
  'GET /contacts/{id}/notes 404 Contact not found': always(`/contacts/${NOBODY}/notes`),
  'POST /contacts/{id}/notes 200 Successful response': fresh(async (desk) => {
    const contact_id = await makeUser(desk)
    const body = { contact_id, admin_id: Number(await myId(desk)), body: 'Hello' }
    return { path: `/contacts/${contact_id}/notes`, body }
  }),
  'POST /contacts/{id}/notes 404 Admin not found': fresh(async (desk) => {
    const contact_id = await makeUser(desk)
    return { path: `/contacts/${contact_id}/notes`, body: { contact_id, admin_id: 123, body: 'Hello' } }
  }),
  'POST /contacts/{id}/notes 404 Contact not found': fresh(async (desk) => ({
    path: '/contacts/123/notes',
    body: { contact_id: 123, admin_id: Number(await myId(desk)), body: 'Hello' },
  })),
  'GET /notes/{id} 200 Note found': fresh(async (desk) => {
    const path = `/contacts/${await makeUser(desk)}/notes`
    return { path: `/notes/${(await desk.ask<{ id: string }>('POST', path, untitled)).id}` }
  }),
  'GET /notes/{id} 404 Note not found': always('/notes/999999'),

  'GET /contacts/{contact_id}/tags 200 successful': fresh(async (desk) => {
    const path = `/contacts/${await makeUser(desk)}/tags`
    await desk.ask('POST', path, { id: await makeTag(desk) })
    return { path }
  }),
  'GET /contacts/{contact_id}/tags 404 Contact not found': always(`/contacts/${NOBODY}/tags`),
  'POST /contacts/{contact_id}/tags 200 successful': fresh(async (desk) => ({
    path: `/contacts/${await makeUser(desk)}/tags`,
    body: { id: Number(await makeTag(desk)) },
  })),
  'POST /contacts/{contact_id}/tags 404 Contact not found': fresh(async (desk) => ({
    path: `/contacts/${NOBODY}/tags`,
    body: { id: Number(await makeTag(desk)) },
  })),
  'POST /contacts/{contact_id}/tags 404 Tag not found': fresh(async (desk) => ({
    path: `/contacts/${await makeUser(desk)}/tags`,
    body: { id: '123' },
  })),
  'DELETE /contacts/{contact_id}/tags/{id} 200 successful': fresh(async (desk) => {
    const path = `/contacts/${await makeUser(desk)}/tags`
    const id = await makeTag(desk)
    await desk.ask('POST', path, { id })
    return { path: `${path}/${id}` }
  }),
  'DELETE /contacts/{contact_id}/tags/{id} 404 Contact not found': fresh(async (desk) => ({
    path: `/contacts/${NOBODY}/tags/${await makeTag(desk)}`,
  })),
  'DELETE /contacts/{contact_id}/tags/{id} 404 Tag not found': fresh(async (desk) => ({
    path: `/contacts/${await makeUser(desk)}/tags/123`,
  })),

  'GET /tags 200 successful': fresh(async (desk) => {
    await makeTag(desk, 'Manual tag 1')
    return { path: '/tags' }
  }),
  'POST /tags 200 Action successful': always('/tags', { name: 'test' }),
  'POST /tags 400 Invalid parameters': always('/tags', { test: 'invalid' }),
  'POST /tags 404 Company not found': always('/tags', { name: 'test', companies: [{ company_id: '123' }] }),
  'POST /tags 404 User  not found': always('/tags', { name: 'test', users: [{ id: '123' }] }),
  'GET /tags/{id} 200 Tag found': fresh(async (desk) => ({ path: `/tags/${await makeTag(desk)}` })),
  'GET /tags/{id} 404 Tag not found': always('/tags/999999'),
  'DELETE /tags/{id} 404 Resource not found': always('/tags/999999'),

  'GET /contacts/{contact_id}/segments 200 successful': seeded(async (desk) => ({
    path: `/contacts/${await contactInSegment(desk)}/segments`,
  })),
  'GET /contacts/{contact_id}/segments 404 Contact not found': always(`/contacts/${NOBODY}/segments`),
}

/** A contact that is in a segment: of a seeded workspace the newest is as good as any. */
async function contactInSegment(desk: Parameters<typeof makeUser>[0]): Promise<string> {
  const { data } = await desk.ask<{ data: { id: string }[] }>('GET', '/contacts?per_page=50')
  for (const { id } of data) {
    const segments = await desk.ask<{ data: object[] }>('GET', `/contacts/${id}/segments`)
    if (segments.data.length > 0) return id
  }
  throw new Error('No contact of the seed is in a segment.')
}
