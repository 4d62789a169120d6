// npm run campaign:approvals: a running `serve` with `sends: confirm` gets 100,000 hostile calls, answers and decisions;
// fails when something is sent that no person has decided on, or twice. Every so often a person does decide, so that
// what is counted can be seen. --seed; --requests; --slice makes up to 3,000 in two minutes.
import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'
import { attacks, type Loot } from './approvals/attacks.ts'
import { ask, bearer, type Call, mcp, rest, toldIn, tool } from './approvals/client.ts'
import { type Caller, operators, world as start, type World } from './approvals/world.ts'
import { chance } from './surface/mutate.ts'

const { values } = parseArgs({
  options: {
    slice: { type: 'boolean', default: false },
    requests: { type: 'string' },
    seed: { type: 'string' },
  },
})
const wanted = Number(values.requests ?? (values.slice ? 3000 : 100_000))
const seconds = values.slice ? 120 : 2400
// A slice is the same each time; Math.random is fixed by the tests' own support.
const seed = Number(values.seed ?? (values.slice ? 0 : randomInt(2 ** 31)))
const random = chance(seed)
console.log(`seed ${seed}, ${wanted} hostile requests, at most ${seconds} s`)

const broken: string[] = []
/** Bodies that a person has decided to send: each once. */
const decided = new Set<string>()
let made = 0

function newCall({ conversations, admin }: World): Call {
  const body = `Message ${++made} of ${seed}`
  return { conversation_id: random.one(conversations), reply_type: 'admin', admin_id: admin, body }
}

const decide = async (world: World, id: string, body: object) =>
  await ask(world, 'POST', `/approvals/${id}/decision`, bearer(operators.ada), body)

async function held(world: World, caller: Caller) {
  const call = newCall(world)
  const { id, status } = await rest(world, caller, call)
  if (id === null) throw new Error(`a call is not held: ${status}`)
  return { caller, call, id }
}

async function signedIn(world: World): Promise<Loot['session']> {
  const headers = { origin: world.url }
  const answer = await ask(world, 'POST', '/approvals/session', headers, { key: operators.ada })
  const cookie = (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
  return { cookie, token: String(answer.body['token']) }
}

async function asked(world: World, caller: Caller) {
  const call = newCall(world)
  const { requestState } = await mcp(world, caller, 'form', { name: tool, arguments: call })
  if (typeof requestState !== 'string') throw new Error('a form was not asked for')
  return { caller, call, state: requestState }
}

async function sealed(world: World) {
  const call = newCall(world)
  const { id, seal } = toldIn(await mcp(world, 'app', 'app', { name: tool, arguments: call }))
  if (id === undefined || seal === undefined) throw new Error('an app was given no seal')
  return { id, seal, call }
}

async function loot(world: World): Promise<Loot> {
  const session = await signedIn(world)
  const signedOut = await signedIn(world)
  const headers = { origin: world.url, cookie: signedOut.cookie, 'x-approvals-token': signedOut.token }
  await ask(world, 'DELETE', '/approvals/session', headers)
  const found: Loot = { held: [], asked: [], seals: [], declined: [], done: [], session, signedOut }
  for (let i = 0; i < 12; i++) {
    const caller = random.one<Caller>(['agent', 'other', 'app'])
    found.held.push(await held(world, i === 0 ? 'agent' : caller))
    found.asked.push(await asked(world, caller))
    found.seals.push(await sealed(world))
    const declined = await held(world, caller)
    await decide(world, declined.id, { decision: 'decline' })
    found.declined.push(declined)
  }
  for (let i = 0; i < 3; i++) found.done.push(await byOperator(world))
  return found
}

/** A person decides, by each road, and whoever is fast or comes again does not make it two. */
async function byOperator(world: World) {
  const one = await held(world, 'agent')
  decided.add(one.call.body)
  const twice = [decide(world, one.id, { decision: 'approve' }), rest(world, 'agent', one.call)]
  await Promise.all([
    ...twice,
    decide(world, one.id, { decision: 'approve' }),
    rest(world, 'agent', one.call),
  ])
  await rest(world, 'agent', one.call)
  return one
}

async function byForm(world: World) {
  const { call, state } = await asked(world, 'agent')
  decided.add(call.body)
  const inputResponses = { confirm: { action: 'accept', content: { confirm: true } } }
  const params = { name: tool, arguments: call, inputResponses, requestState: state }
  await Promise.all([1, 2, 3].map(() => mcp(world, 'agent', 'form', params)))
  await mcp(world, 'agent', 'form', params)
}

async function byApp(world: World) {
  const { id, seal, call } = await sealed(world)
  decided.add(call.body)
  const params = { name: 'decide_approval', arguments: { approval_id: id, seal, decision: 'approve' } }
  await Promise.all([1, 2, 3].map(() => mcp(world, 'app', 'app', params)))
  await mcp(world, 'app', 'app', params)
}

function check({ writes }: World): void {
  const times = Map.groupBy(writes, (body) => String((JSON.parse(body) as Call).body))
  for (const [body, all] of times) {
    if (!decided.has(body)) broken.push(`sent without a decision: ${body}`)
    else if (all.length > 1) broken.push(`sent ${all.length} times: ${body}`)
  }
  for (const body of decided) if (!times.has(body)) broken.push(`decided on and not sent: ${body}`)
}

const counts = new Map<string, number>()
const world = await start()
try {
  const until = performance.now() + seconds * 1000
  let found = await loot(world)
  const kinds = Object.entries(attacks)
  let sent = 0
  while (sent < wanted && performance.now() < until && world.isUp()) {
    const batch = Array.from({ length: Math.min(16, wanted - sent) }, () => random.one(kinds))
    await Promise.all(batch.map(([, attack]) => attack(world, found, random)))
    for (const [name] of batch) counts.set(name, (counts.get(name) ?? 0) + 1)
    sent += batch.length
    if (sent % 1600 === 0) await Promise.all([byOperator(world), byForm(world), byApp(world)])
    if (sent % 8000 === 0) found = await loot(world) // what waits until then lapses with the file
  }
  if (sent < (values.slice ? 300 : wanted)) broken.push(`ended after ${sent} of ${wanted}`)
  await Promise.all([byOperator(world), byForm(world), byApp(world)])
  check(world)
  for (const [name, count] of counts) console.log(`${name}: ${count}`)
  console.log(`${sent} hostile requests; ${decided.size} decisions of people, ${world.writes.length} sends`)
} finally {
  await world.close()
}
for (const one of broken.slice(0, 20)) console.log(`broken: ${one}`)
console.log(`${broken.length} promises broken`)
process.exitCode = broken.length === 0 ? 0 : 1
