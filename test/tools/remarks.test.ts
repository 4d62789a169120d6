import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { IntercomOptions } from '../../src/index.ts'
import { intercomTools } from '../../src/tools/functions.ts'
import { type Reply, scriptedIntercom } from '../support/scripted-intercom.ts'

const to_contact_id = 'aaaaaaaaaaaaaaaaaaaaaaaa'
const message = { from_admin_id: '9', to_contact_id, subject: 'Hi', body: 'Hello' }
const email = { ...message, message_type: 'email' }
const contact = (own: object = {}) => ({
  type: 'contact',
  id: to_contact_id,
  role: 'user',
  email: 'ada@example.com',
  ...own,
})
const twin = (id: string) => contact({ id, role: 'lead' })

async function desk(recipient: Reply, found: Reply, options: IntercomOptions = {}) {
  const sent = { json: { type: 'admin_message', id: '1', body: 'Hello' } }
  const server = await scriptedIntercom(({ path }) => {
    if (path === '/messages') return sent
    return path === '/contacts/search' ? found : recipient
  }, options)
  const paths = () => server.received.map(({ method, path }) => `${method} ${path}`)
  return { ...server, paths, tools: intercomTools(server.intercom) }
}
const list = (...data: object[]) => ({ json: { data, total_count: data.length, pages: {} } })

for (const [what, input, own, others, remarks] of [
  ['nothing', email, {}, [], undefined],
  ['an unsubscribed contact', email, { unsubscribed_from_emails: true }, [], [/unsubscribed from e-mails/]],
  ['an address that bounced', email, { has_hard_bounced: true }, [], [/have bounced/]],
  ['a report as spam', email, { marked_email_as_spam: true }, [], [/marked an e-mail as spam/]],
  ['no address', email, { email: null }, [], [/no e-mail address/]],
  ['an unsubscribed contact in the app', message, { unsubscribed_from_emails: true }, [], undefined],
  [
    'others with its e-mail',
    message,
    {},
    [twin('b'), contact(), twin('c')],
    [/not written to: b \(lead\), c \(lead\)$/],
  ],
  [
    'many others',
    message,
    {},
    Array.from({ length: 8 }, (_, n) => twin(`t${n}`)),
    [/t4 \(lead\) and 3 more$/],
  ],
] as const)
  test(`a sent message says a word on ${what}`, async () => {
    const { tools, paths, close } = await desk({ json: contact(own) }, list(...others))
    const { structured, isError, text } = await tools.call('send_message_to_contact', input)
    const said = (structured['result'] as { remarks?: string[] }).remarks
    assert.deepEqual([isError, said?.length], [false, remarks?.length])
    for (const [at, remark] of (remarks ?? []).entries()) {
      assert.match(String(said?.[at]), remark)
      assert.match(text, /remarks/)
    }
    assert.deepEqual(paths().filter((path) => path.startsWith('POST /messages')).length, 1)
    assert.equal(paths()[0], 'POST /messages', 'the send waits for none of it')
    await close()
  })

for (const [what, recipient, found] of [
  ['the contact cannot be read', { status: 403, json: {} }, list()],
  ['the search fails', { json: contact() }, { status: 403, json: {} }],
  ['answers are odd', { json: { email: 7 } }, { json: { data: [null, {}, 'x'] } }],
] as const)
  test(`a send stays a success when ${what}`, async () => {
    const { tools, close } = await desk(recipient, found)
    const { structured, isError } = await tools.call('send_message_to_contact', email)
    assert.equal(isError, false)
    assert.equal((structured['result'] as { id: string }).id, '1')
    await close()
  })

test('in code, in full output, in a dry run and after a refusal nothing more is read', async () => {
  const { intercom, paths, close } = await desk({ json: contact() }, list(twin('b')))
  await intercom.sendMessageToContact(message)
  await intercomTools(intercom, { output: 'full' }).call('send_message_to_contact', message)
  await intercomTools(intercom).call('send_message_to_contact', { ...message, body: '' })
  assert.deepEqual(paths(), ['POST /messages', 'POST /messages'])
  await close()
  const dry = await desk({ json: contact() }, list(twin('b')), { dryRun: true })
  const { structured } = await dry.tools.call('send_message_to_contact', message)
  assert.deepEqual(Object.keys(structured['result'] as object), ['dry_run', 'method', 'path', 'body'])
  assert.deepEqual(dry.paths(), [])
  await dry.close()
})

test('an e-mail address is no recipient: several contacts may share it, and none is guessed', async () => {
  const { intercom, paths, close } = await desk({ json: contact() }, list())
  const { output, failure } = await intercom.call('send_message_to_contact', {
    ...message,
    to_contact_id: 'ada@example.com',
  })
  assert.match(String(output.error), /to_contact_id is an e-mail address, which several contacts may share/)
  assert.deepEqual([failure?.field, paths()], ['to_contact_id', []])
  await close()
})
