import assert from 'node:assert/strict'
import { inspect } from 'node:util'
import { catalogue, toolsetOf } from '../../src/actions/toolsets.ts'
import type { CallResult, Envelope, IntercomOptions } from '../../src/index.ts'
import { replyTo, type Step, saysYes } from './hostile-answers.ts'
import { spelledOut } from './hostile-calls.ts'
import { type Received, scriptedIntercom, scriptedToken } from './scripted-intercom.ts'

/** Actions that handle a conversation: see `known`. */
const leavesPart: [string[], string] = [
  ['GET /conversations/*', 'GET /me', 'POST /conversations/*/parts'],
  'POST /conversations/*/parts',
]

/** Requests an action may make: a `*` is one encoded segment. The last column is what it may do only once. */
const known: Record<string, [all: string[], once?: string]> = {
  get_contact: [['GET /contacts/*']],
  search_contacts: [['POST /contacts/search', 'GET /data_attributes']],
  upsert_contact: [
    [
      'POST /contacts/search',
      'POST /contacts',
      'GET /contacts/*',
      'PUT /contacts/*',
      'POST /contacts/*/unarchive',
      'GET /data_attributes',
    ],
  ],
  create_note: [['POST /contacts/*/notes', 'GET /me', 'GET /contacts/*/notes'], 'POST /contacts/*/notes'],
  add_tag_to_contact: [['POST /contacts/*/tags']],
  list_tags: [['GET /tags']],
  list_admins: [['GET /admins']],
  get_conversation: [['GET /conversations/*']],
  list_conversations: [['GET /conversations']],
  search_conversations: [['POST /conversations/search', 'GET /data_attributes']],
  send_incoming_message: [
    ['GET /contacts/*', 'POST /conversations', 'POST /conversations/search'],
    'POST /conversations',
  ],
  send_message_to_contact: [['POST /messages', 'GET /contacts/*'], 'POST /messages'],
  reply_to_conversation: [
    ['POST /conversations/*/reply', 'GET /conversations/*'],
    'POST /conversations/*/reply',
  ],
  ...Object.fromEntries(
    ['close', 'open', 'snooze', 'assign'].map((verb) => [`${verb}_conversation`, leavesPart]),
  ),
  add_tag_to_conversation: [['GET /me', 'POST /conversations/*/tags']],
  remove_tag_from_conversation: [['GET /conversations/*', 'GET /me', 'DELETE /conversations/*/tags/*']],
  update_conversation: [['PUT /conversations/*', 'GET /data_attributes']],
  update_contact: [['PUT /contacts/*', 'GET /data_attributes']],
  archive_contact: [['POST /contacts/*/archive', 'POST /contacts/*/unarchive']],
  delete_contact: [['DELETE /contacts/*']],
  merge_contacts: [['GET /contacts/*', 'POST /contacts/merge'], 'POST /contacts/merge'],
  remove_tag_from_contact: [['GET /contacts/*/tags', 'DELETE /contacts/*/tags/*']],
  upsert_tag: [['POST /tags']],
  list_contact_notes: [['GET /contacts/*/notes']],
  list_segments: [['GET /segments', 'GET /contacts/*/segments']],
  list_attributes: [['GET /data_attributes']],
  list_subscriptions: [['GET /subscription_types', 'GET /contacts/*/subscriptions']],
  update_subscription: [
    [
      'GET /subscription_types',
      'GET /contacts/*/subscriptions',
      'POST /contacts/*/subscriptions',
      'DELETE /contacts/*/subscriptions/*',
    ],
  ],
  list_companies: [['POST /companies/list', 'GET /companies', 'GET /contacts/*/companies']],
  get_company: [['GET /companies', 'GET /companies/*']],
  upsert_company: [['POST /companies', 'GET /data_attributes']],
  list_company_contacts: [['GET /companies/*/contacts']],
  add_contact_to_company: [['POST /contacts/*/companies']],
  remove_contact_from_company: [['DELETE /contacts/*/companies/*']],
  search_tickets: [['POST /tickets/search']],
  create_ticket: [
    [
      'GET /ticket_types/*',
      'POST /tickets',
      'GET /conversations/*',
      'POST /conversations/*/convert',
      'POST /tickets/search',
      'GET /tickets/*',
    ],
    'POST /(tickets|conversations/*/convert)',
  ],
  reply_to_ticket: [['GET /tickets/*', 'POST /tickets/*/reply'], 'POST /tickets/*/reply'],
  update_ticket: [['GET /tickets/*', 'GET /me', 'PUT /tickets/*']],
  update_ticket_state: [['GET /tickets/*', 'GET /ticket_types/*', 'PUT /tickets/*']],
  search_articles: [['GET /articles', 'GET /articles/search']],
  create_article: [['POST /articles', 'GET /articles'], 'POST /articles'],
  update_article: [['GET /articles/*', 'PUT /articles/*']],
  publish_article: [['PUT /articles/*']],
  list_collections: [['GET /help_center/collections']],
  create_event: [['POST /events']],
}

/** The same for every action: one that only reads need not be listed, if GET of its collection is all it does. */
const requests: typeof known = Object.fromEntries(
  catalogue.map(({ name, effect }) => {
    const collection = `GET /${name.replace(/^(get|list)_/, '')}`
    const reads: [string[]] = [[collection, `${collection}s/*`]]
    return [name, known[name] ?? (effect === 'read' ? reads : [[]])] as const
  }),
)

/** Names of all actions. */
export const fuzzedActions: readonly string[] = Object.keys(requests)

/** Answers whose shape may fail a call: lists without a list, and a lookup that a decision hangs on. */
const undecidable = new Set([
  'unreadable_answer',
  'ambiguous_contact',
  'external_id_conflict',
  'email_conflict',
  'unknown_part',
])
const lists = new Set(catalogue.map(({ name }) => name).filter((name) => /^(list|search)_/.test(name)))
const deciding = new Set(['upsert_contact', 'send_incoming_message', 'get_conversation'])

const decoded = Buffer.from(scriptedToken, 'base64').toString('latin1')
/** Any sixteen of its characters that begin at a multiple of sixteen: more than Intercom's answers may keep. */
const block = new RegExp(
  [scriptedToken, decoded]
    .flatMap((secret) => secret.match(/.{16}/gs) ?? [])
    .map((text) => text.replace(/\W/g, '\\$&'))
    .join('|'),
)

/** What a call took, server included: time, and this process's work. */
export type Took = { ms: number; cpuMs: number }

/** A client, and a server that does what it is told, both watched. */
export type Fuzzed = {
  /** Calls and judges; throws an assertion error when a promise is broken. `steps`: what the server does. */
  call(name: string, input: unknown, steps?: readonly Step[]): Promise<CallResult<Envelope> & Took>
  /** Which actions have sent anything. */
  reached: ReadonlySet<string>
  close(): Promise<void>
}

/** Starts them. Everything the process prints is watched for the token until `close`. */
export async function fuzzed(options: IntercomOptions = {}): Promise<Fuzzed> {
  let script: readonly Step[] = []
  let sent = ''
  const events: unknown[] = []
  const reached = new Set<string>()
  const note = (event: object) => void events.push({ ...event })
  const { received, intercom, close } = await scriptedIntercom(
    (request) => replyTo(request, sent, script[received.length - 1]),
    {
      onUnknown: 'verify',
      settleMs: [1, 1],
      deadlineMs: 20_000,
      toolsets: ['all'] as never, // every action, whatever the type of the client
      onRequest: note,
      onRetry: note,
      onWait: note,
      ...options,
    },
  )
  const watched = watch()

  return {
    reached,
    close: async () => {
      watched.stop()
      await close()
    },
    async call(name, given, steps = []) {
      const input = spelledOut(given)
      received.length = 0
      events.length = 0
      script = steps
      sent = sentBody(input)
      const begun = performance.now()
      const before = process.cpuUsage()
      const result = await intercom.call(name, input)
      const { user, system } = process.cpuUsage(before)
      const took = { ms: performance.now() - begun, cpuMs: (user + system) / 1000 }
      judgeEnvelope(name, result)
      judgeRequests(name, received, options)
      judgeSecrecy([result, events, watched.printed()])
      judgeShape(name, result, received, steps)
      assert.equal(Reflect.get({}, 'polluted'), undefined)
      if (received.length > 0) reached.add(name)
      return { ...result, ...took }
    },
  }
}

/** What a read-back would show. */
function sentBody(input: unknown): string {
  try {
    const body: unknown = Reflect.get(input as object, 'body')
    return typeof body === 'string' ? body : ''
  } catch {
    return ''
  }
}

function judgeEnvelope(name: string, { output, failure }: CallResult<Envelope>): void {
  assert.equal(typeof output.success, 'boolean')
  assert.equal(output.success, output.error === null)
  assert.equal(output.success, failure === null)
  assert.notEqual(failure?.code, 'internal', `${name}: ${output.error}`)
  assert.ok((output.error?.length ?? 0) < 5000, `${name}: an error of ${output.error?.length} characters`)
}

function judgeRequests(name: string, received: readonly Received[], options: IntercomOptions): void {
  const [allowed, once] = (Object.hasOwn(requests, name) ? requests[name] : undefined) ?? [[]]
  const fits = (pattern: string, { method, path }: Received) =>
    new RegExp(`^${pattern.replaceAll('*', '[^/?#]+')}$`).test(`${method} ${path.split('?')[0]}`)
  for (const request of received) {
    assert.ok(
      allowed.some((pattern) => fits(pattern, request)),
      `${name} reached ${request.method} ${request.path}`,
    )
    assert.ok(!decodeURIComponent(request.path).includes(scriptedToken), 'the token in a path')
    assert.ok(!JSON.stringify(request.body ?? null).includes(scriptedToken), 'the token in a body')
  }
  assert.ok(received.length <= 30, `${name} made ${received.length} requests`)
  if (once === undefined) return
  const sends = received.filter((request) => fits(once, request)).length
  assert.ok(sends <= (options.onUnknown === 'verify-then-resend' ? 2 : 1), `${name} sent ${sends} times`)
}

function judgeSecrecy(seen: unknown[]): void {
  const texts = [inspect(seen, { depth: 12, maxStringLength: 10_000, maxArrayLength: 1000 })]
  try {
    texts.push(JSON.stringify(seen))
  } catch {
    // nested deeper than the stack: what is in there is looked at by itself below
    texts.push(...deepStrings(seen))
  }
  for (const text of texts) assert.ok(!block.test(text), 'the token leaked')
}

function deepStrings(value: unknown): string[] {
  const strings: string[] = []
  const left = [value]
  while (left.length > 0) {
    const next = left.pop()
    if (typeof next === 'string') strings.push(next)
    else if (typeof next === 'object' && next !== null)
      for (const item of Object.entries(next)) left.push(...item)
  }
  return strings
}

/** A yes of Intercom's stays a yes, whatever is in it. */
function judgeShape(
  name: string,
  { output, failure }: CallResult<Envelope>,
  received: readonly Received[],
  steps: readonly Step[],
): void {
  const last = steps[received.length - 1]
  if (received.length === 0 || (last !== undefined && !saysYes(last))) return
  const excused = undecidable.has(failure?.code ?? '') && (lists.has(name) || deciding.has(name))
  const { method, path } = received.at(-1) ?? { method: '', path: '' }
  const isLook = method === 'GET' || path.endsWith('/search')
  const isExplained = isLook && (failure?.outcome === 'unknown' || name === 'send_message_to_contact')
  // What an action of a toolset reads first may not allow to go on.
  const isUnwritten = toolsetOf({ name }) !== null && failure?.outcome !== 'unknown' && received.every(isRead)
  const write = received.findLastIndex((request) => !isRead(request))
  const refusal = steps[write]
  const isRefused = refusal !== undefined && !saysYes(refusal) // and what was read afterwards says more
  const isTold = output.error?.includes('the input contains the access token') === true
  const may = excused || isExplained || isUnwritten || isRefused || isTold
  assert.ok(output.success || may, `${name}: ${output.error}`)
}

function isRead({ method, path }: Received): boolean {
  return method === 'GET' || /\/(search|list)(\?|$)/.test(path)
}

function watch(): { printed(): string; stop(): void } {
  let printed = ''
  const streams = [process.stdout, process.stderr]
  const writes = streams.map((stream) => stream.write)
  const warn = (warning: Error) => {
    printed += `${warning.stack}\n`
  }
  process.on('warning', warn)
  for (const [index, stream] of streams.entries()) {
    const write = writes[index]?.bind(stream) as typeof stream.write
    stream.write = ((chunk: string | Uint8Array, ...rest: []) => {
      printed = (printed + Buffer.from(chunk as string).toString('latin1')).slice(-10_000)
      return write(chunk, ...rest)
    }) as typeof stream.write
  }
  return {
    printed: () => {
      const text = printed
      printed = ''
      return text
    },
    stop: () => {
      process.off('warning', warn)
      for (const [index, stream] of streams.entries()) stream.write = writes[index] as typeof stream.write
    },
  }
}
