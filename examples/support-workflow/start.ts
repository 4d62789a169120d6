// The workflow on this machine alone: a Restate server, a worker, a local Intercom and its webhooks.
import { createServer } from 'node:http'
import { createServer as createHttp2Server } from 'node:http2'
import type { Server } from 'node:net'
import { createEndpointHandler } from '@restatedev/restate-sdk'
import { createIntercom } from 'modulex-intercom'
import { register, startWorker } from 'modulex-intercom/restate'
import { createWebhooks } from 'modulex-intercom/webhooks'
import { createWorkspace } from 'modulex-intercom/workspace'
import { startRestate } from './restate-server.ts'
import { supportWorkflow } from './workflow.ts'

const clientSecret = 'a secret of this demo'
const restate = await startRestate()

// Events start and wake workflows. `/send` answers as soon as Restate has the call.
const webhooks = createWebhooks({ clientSecret, store: `${restate.folder}/webhooks.db` })
const send = async (conversation: unknown, handler: string) => {
  const { id } = conversation as { id: string } // the item of a conversation topic
  const { ok, status } = await fetch(`${restate.ingress}/support/${id}/${handler}/send`, { method: 'POST' })
  if (!ok) throw new Error(`Restate answered ${status}`) // retried
}
webhooks.on('conversation.user.created', ({ data }) => send(data.item, 'run'))
webhooks.on('conversation.user.replied', ({ data }) => send(data.item, 'answered'))
const receiver = createServer(async (request, response) => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const headers = new Headers(Object.entries(request.headers).map(([name, value]) => [name, String(value)]))
  const answer = await webhooks.fetch(
    new Request('http://127.0.0.1/', { method: 'POST', headers, body: Buffer.concat(chunks) }),
  )
  response.writeHead(answer.status).end(await answer.text())
})
const port = await listening(receiver)

// A local Intercom. For a real one use INTERCOM_ACCESS_TOKEN, and set the webhooks' address in the Developer Hub.
const webhook = { url: `http://127.0.0.1:${port}/`, secret: clientSecret }
const workspace = await createWorkspace({ seed: 'small', webhooks: webhook })
const { url: baseUrl, accessToken } = await workspace.listen()
const intercom = createIntercom({ accessToken, baseUrl })
const { result: admins } = await intercom.listAdmins()
const { result: tags } = await intercom.listTags()
const [admin, tag] = [admins?.admins[0], tags?.data[0]]
if (!admin || !tag) throw new Error('the demo data has admins and tags')
await defineAttribute()

// The actions, and the workflow: two deployments, which could be on two machines, or on ten.
const worker = await startWorker({ accessToken, baseUrl, ingress: restate.ingress, port: 0 })
await register(restate.admin, worker.url)
const options = { intercom, admin_id: admin.id, tag_id: tag.id, reminderAfterMs: 3000 }
const own = createHttp2Server(
  createEndpointHandler({ services: [supportWorkflow(options)], logger: () => {} }),
)
await register(restate.admin, `http://127.0.0.1:${await listening(own)}`)

// Two customers write; one of them answers the question, the other does not.
const conversations = await Promise.all(['Ada', 'Grace'].map((name) => write(name)))
const outcomes = conversations.map(({ id }) =>
  fetch(`${restate.ingress}/restate/workflow/support/${id}/attach`).then((answer) => answer.json()),
)
await until(async () => (await partsOf(conversations[0]?.id ?? '')).length > 0)
await intercom.replyToConversation({
  conversation_id: conversations[0]?.id ?? '',
  reply_type: 'user',
  intercom_user_id: conversations[0]?.contact_id ?? '',
  body: 'It is order 4711.',
})
for (const [n, { name, id }] of conversations.entries()) {
  console.log(`\n${name}: ${await outcomes[n]}`)
  for (const part of await partsOf(id)) console.log(`  ${part}`)
}
console.log('\nWhat the customer received:', workspace.control.outbox(1)[0]?.html)

await worker.close()
await webhooks.close()
await workspace.close()
await restate.close()
process.exit()

async function listening(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  return (server.address() as { port: number }).port // it listens
}

async function write(name: string): Promise<{ name: string; id: string; contact_id: string }> {
  const { contact } = await intercom.upsertContact({
    email: `${name.toLowerCase()}@example.com`,
    name,
    role: 'user',
  })
  const contact_id = contact?.id ?? ''
  const { result } = await intercom.sendIncomingMessage({
    contact_id,
    body: 'Hello, my order has not come. Can you help?',
  })
  const id = String(result?.conversation_id)
  await until(async () => {
    const { status } = await fetch(`${restate.ingress}/restate/workflow/support/${id}/output`)
    return status !== 404
  })
  return { name, id, contact_id }
}

async function partsOf(conversation_id: string): Promise<string[]> {
  const { result } = await intercom.getConversation({ conversation_id })
  const parts = result?.conversation_parts.conversation_parts ?? []
  return parts.flatMap(({ author, body }) => (body === null ? [] : [`${author.name}: ${body}`]))
}

/** The attribute that the workflow sets has to exist. */
async function defineAttribute(): Promise<void> {
  await fetch(`${baseUrl}/data_attributes`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${accessToken}`,
      'content-type': 'application/json',
      'intercom-version': '2.12',
    },
    body: JSON.stringify({ name: 'support_workflow', model: 'contact', data_type: 'boolean' }),
  })
}

async function until(done: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 30_000; !(await done()); ) {
    if (Date.now() > end) throw new Error('timed out')
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}
