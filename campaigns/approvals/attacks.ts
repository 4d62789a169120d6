import type { Chance } from '../surface/mutate.ts'
import { type abilities, ask, bearer, type Call, mcp, type Result, rest, toldIn, tool } from './client.ts'
import { type Caller, keys, operators, type World } from './world.ts'

/** What lies about for an attacker to use: all of it has been seen on the wire. */
export type Loot = {
  /** Calls that wait, with their approvals. */
  held: { caller: Caller; call: Call; id: string }[]
  /** Questions that a form has put, not answered. */
  asked: { caller: Caller; call: Call; state: string }[]
  /** Seals that apps have been given. */
  seals: { id: string; seal: string; call: Call }[]
  /** Approvals that a person has declined, and such that were sent. */
  declined: { caller: Caller; call: Call; id: string }[]
  done: { caller: Caller; call: Call; id: string }[]
  /** A session's halves, and those of one that was signed out. */
  session: { cookie: string; token: string }
  signedOut: { cookie: string; token: string }
}

/** One attempt to get something sent that no person has decided on. */
export type Attack = (world: World, loot: Loot, random: Chance) => Promise<unknown>

const callers = Object.keys(keys) as Caller[]

const yes = { action: 'accept', content: { confirm: true } }
/** What is no yes, or claims to be one. */
const noYes = [
  { action: 'accept' },
  { action: 'accept', content: {} },
  { action: 'accept', content: { confirm: 'true' } },
  { action: 'accept', content: { confirm: 1 } },
  { action: 'accept', content: { confirm: null } },
  { action: 'accept', content: { confirm: [true] } },
  { action: 'accept', content: { Confirm: true } },
  { action: 'decline', content: { confirm: true } },
  { action: 'cancel', content: { confirm: true } },
  { action: 'ACCEPT', content: { confirm: true } },
  { confirm: true },
  true,
  'accept',
]

/** What somebody might add to a call to have it taken for approved. */
const claims = [
  { confirm: true },
  { approved: true },
  { approval: 'approve' },
  { confirmed_by: 'ada' },
  { _ui_submitted: true },
  { inputResponses: { confirm: yes } },
  { sends: 'allow' },
  { dry_run: false },
  { __proto__: null, approved_by: 'a person' },
]

const decisions = [
  { decision: 'approve' },
  { decision: ['approve'] },
  { decision: 'Approve' },
  { decision: 'approve\n' },
  { decision: true },
  { approve: true },
  '{"decision":"decline","decision":"approve"}',
  '[{"decision":"approve"}]',
  'decision=approve',
  { decision: 'approve', input: {}, reason: null },
]

function tampered(text: string, random: Chance): string {
  const at = random.below(text.length)
  const other = random.one([...'ABCDEFabcdef0123456789-_.'])
  return random.one([
    `${text.slice(0, at)}${text[at] === other ? '~' : other}${text.slice(at + 1)}`,
    text.slice(0, at),
    text + other,
    text.split('').reverse().join(''),
    '',
  ])
}

/** Ways of a path to an approval's decision. */
const ways = (id: string, random: Chance) =>
  random.one([
    `/approvals/${id}/decision`,
    `/approvals/${id}/decision/`,
    `//approvals/${id}/decision`,
    `/approvals/../approvals/${id}/decision`,
    `/approvals/${id}%2Fdecision`,
    `/approvals/${id}/decision?key=${operators.ada}`,
    `/approvals/${id}/../${id}/decision`,
    `/APPROVALS/${id}/decision`,
  ])

const wrongKeys = (caller: Caller, random: Chance): Record<string, string> =>
  random.one<Record<string, string>>([
    bearer(keys[caller]),
    {},
    bearer(tampered(operators.ada, random)),
    { 'x-api-key': operators.ada },
    { authorization: `Basic ${Buffer.from(`ada:${operators.ada}`).toString('base64')}` },
    { cookie: `modulex_intercom_operator=${operators.ada}` },
    { ...bearer(keys[caller]), 'x-forwarded-user': 'ada', 'x-operator': 'ada' },
    { ...bearer(keys[caller]), 'x-http-method-override': 'POST', 'x-approvals-token': operators.ada },
  ])

function session({ session, signedOut }: Loot, { url }: World, random: Chance): Record<string, string> {
  const from = { origin: url, 'sec-fetch-site': 'same-origin' }
  const { cookie, token } = session
  return random.one<Record<string, string>>([
    { ...from, cookie },
    { ...from, 'x-approvals-token': token },
    { ...from, cookie, 'x-approvals-token': tampered(token, random) },
    { ...from, cookie: tampered(cookie, random), 'x-approvals-token': token },
    { cookie, 'x-approvals-token': token },
    { cookie, 'x-approvals-token': token, origin: 'https://evil.example' },
    { cookie, 'x-approvals-token': token, origin: `${url}1` },
    { cookie, 'x-approvals-token': token, origin: 'null' },
    { cookie, 'x-approvals-token': token, origin: url.replace('127.0.0.1', 'localhost.evil.example') },
    { ...from, cookie: signedOut.cookie, 'x-approvals-token': signedOut.token },
    { ...from, cookie, 'x-approvals-token': signedOut.token },
  ])
}

/** The state and answers that some question would have had, for another call, caller or answer. */
async function answering(world: World, { asked }: Loot, random: Chance): Promise<Result> {
  const one = random.one(asked)
  const other = random.one(asked)
  const caller = random.one(callers)
  const body = { ...one.call, body: `${one.call.body} and more` }
  const mixed = [
    { caller: one.caller, call: one.call, state: undefined, answer: yes },
    { caller: one.caller, call: body, state: one.state, answer: yes },
    { caller: one.caller, call: one.call, state: tampered(one.state, random), answer: yes },
    { caller: one.caller, call: one.call, state: one.state, answer: random.one(noYes) },
  ]
  // of another call, or another key's
  if (other.state !== one.state) mixed.push({ ...one, state: other.state, answer: yes })
  if (caller !== one.caller) mixed.push({ ...one, caller, answer: yes })
  const { state, answer, ...sent } = random.one(mixed)
  return await mcp(world, sent.caller, random.one(['form', 'none', 'app']), {
    name: tool,
    arguments: { ...sent.call, ...(random.percent(10) ? random.one(claims) : {}) },
    inputResponses: { confirm: answer },
    ...(state === undefined ? {} : { requestState: state }),
  })
}

async function sealing(world: World, { seals, held }: Loot, random: Chance): Promise<Result> {
  const one = random.one(seals)
  const other = random.one(seals)
  const tries = [
    { approval_id: one.id, seal: tampered(one.seal, random) },
    { approval_id: random.one(held).id, seal: one.seal },
    { approval_id: one.id, seal: undefined },
    { approval_id: [one.id], seal: [one.seal] },
    { approval_id: one.id, seal: one.id },
  ]
  if (other.id !== one.id) tries.push({ approval_id: one.id, seal: other.seal })
  const given = random.one(tries)
  // the right one, from another key or by a client without apps
  const [caller, able, right] = random.one<[Caller, keyof typeof abilities, boolean]>([
    ['app', 'app', false],
    ['app', 'app', false],
    ['app', 'app', false],
    ['app', 'app', false],
    ['agent', 'app', true],
    ['other', 'app', true],
    ['app', 'none', true],
    ['app', 'form', true],
  ])
  const sent = right ? { approval_id: one.id, seal: one.seal } : given
  const decision = random.one(['approve', 'approve', 'approve', 'APPROVE', true])
  return await mcp(world, caller, able, { name: 'decide_approval', arguments: { ...sent, decision } })
}

export const attacks: Readonly<Record<string, Attack>> = {
  'a call that says it is approved': async (world, { held }, random) => {
    const { caller, call } = random.one(held)
    const headers = random.one<Record<string, string>>([
      {},
      { 'x-approval': random.one(held).id, 'x-approval-decision': 'approve' },
      { 'idempotency-key': `approval:${random.one(held).id}` },
      { 'x-approvals-token': operators.ada },
    ])
    const by = random.percent(80) ? caller : random.one(callers)
    if ('idempotency-key' in headers) return await rest(world, by, call, headers)
    return await rest(world, by, random.percent(30) ? call : { ...call, ...random.one(claims) }, headers)
  },
  'a decision without the right key': async (world, { held }, random) => {
    const { caller, id } = random.one(held)
    const method = random.one(['POST', 'POST', 'POST', 'PUT', 'GET', 'PATCH', 'DELETE'])
    const body = method === 'GET' ? undefined : random.one(decisions)
    return await ask(world, method, ways(id, random), wrongKeys(caller, random), body)
  },
  'a decision by half a session': async (world, loot, random) => {
    const { id } = random.one(loot.held)
    const headers = session(loot, world, random)
    return await ask(world, 'POST', `/approvals/${id}/decision`, headers, { decision: 'approve' })
  },
  'a decision by an operator of others': async (world, { held }, random) => {
    const { id } = random.one(held.filter(({ caller }) => caller !== 'other'))
    return await ask(world, 'POST', ways(id, random), bearer(operators.bob), random.one(decisions))
  },
  'a decision that says something else than yes': async (world, { held }, random) => {
    const { id, call } = random.one(held)
    const body = random.one<unknown>([
      ...decisions.slice(1, -1),
      { decision: 'approve', input: { ...call, conversation_id: random.one(world.conversations) + 1 } },
      { decision: 'approve', input: { admin_id: '1' } },
      { decision: 'approve', input: { body: '' } },
      { decision: 'approve', input: { body: ['x'] } },
      { decision: 'approve', reason: 'because' },
    ])
    return await ask(world, 'POST', `/approvals/${id}/decision`, bearer(operators.ada), body)
  },
  'a decision after a decision': async (world, { declined, done }, random) => {
    const { id } = random.one(random.percent(70) ? declined : done)
    const body = {
      decision: 'approve',
      ...(random.percent(30) ? { input: { body: 'Changed afterwards' } } : {}),
    }
    return await ask(world, 'POST', `/approvals/${id}/decision`, bearer(operators.ada), body)
  },
  'the same call after a decision': async (world, { declined, done }, random) => {
    const { caller, call } = random.one(random.percent(50) ? declined : done)
    if (random.percent(50)) return await rest(world, caller, call)
    return await mcp(world, caller, random.one(['none', 'app']), { name: tool, arguments: call })
  },
  'an answer to a form': answering,
  'a seal of an app': sealing,
  'a model that reads what the app reads': async (world, loot, random) => {
    const { caller, call } = random.one(loot.held)
    const result = await mcp(world, caller, 'none', { name: tool, arguments: call })
    const { seal, id } = toldIn(result)
    if (seal !== undefined) throw new Error('a client without apps was given a seal')
    return await mcp(world, caller, 'app', { name: 'decide_approval', arguments: { approval_id: id, seal } })
  },
}
