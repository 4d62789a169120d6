import fc from 'fast-check'
import { anyText } from './any-text.ts'
import { goodAnswer } from './good-answers.ts'
import { type Received, type Reply, scriptedToken } from './scripted-intercom.ts'

/** What a server does with one request: its good answer with some parts replaced, something else, or nothing. */
export type Step = {
  status: number
  kind: 'json' | 'other' | 'reset' | 'cut'
  changes: { at: number; to: unknown }[]
  other: string
}

/** Stand for texts that would drown a report. */
const long: Record<string, () => string> = {
  '"%DEEP%"': () => `${'['.repeat(8000)}${']'.repeat(8000)}`,
  '"%DEEP SECRET%"': () => `${'{"a":['.repeat(8000)}"${scriptedToken}"${']}'.repeat(8000)}`,
  '"%ESCAPED%"': () =>
    `"${[...scriptedToken].map((c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')}"`,
  '"%DOTS%"': () => `"${'. '.repeat(100_000)}x"`,
  '"%SECRETS%"': () => `"${scriptedToken.repeat(500)}"`,
  '"%PROTO%"': () => '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}',
}

const junk = fc.oneof(
  fc.constantFrom<unknown[]>(
    ...[
      undefined,
      null,
      true,
      0,
      -1,
      1e308,
      2 ** 53,
      '',
      '..',
      'a/b',
      'user',
      'lead',
      [],
      {},
      [null],
      [[]],
      [{}],
    ],
    ...[scriptedToken, { [scriptedToken]: scriptedToken }, { toString: 1, valueOf: null }, { data: {} }],
    ...['%DEEP%', '%DEEP SECRET%', '%ESCAPED%', '%DOTS%', '%SECRETS%', '%PROTO%'],
  ),
  fc.jsonValue({ maxDepth: 3 }),
)

const step: fc.Arbitrary<Step> = fc.record({
  status: fc.oneof(
    { weight: 6, arbitrary: fc.constant(200) },
    { weight: 1, arbitrary: fc.constantFrom(201, 202, 204, 226) },
    { weight: 2, arbitrary: fc.constantFrom(400, 401, 404, 409, 418, 422, 500, 502) },
  ),
  kind: fc.oneof(
    { weight: 8, arbitrary: fc.constant('json' as const) },
    { weight: 2, arbitrary: fc.constantFrom('other' as const, 'reset' as const, 'cut' as const) },
  ),
  changes: fc.array(fc.record({ at: fc.nat({ max: 200 }), to: junk }), { maxLength: 3 }),
  other: fc.oneof(
    fc.json({ maxDepth: 3 }),
    fc.constantFrom('', 'null', '[]', '"x"', '<html>', `<p>${scriptedToken}</p>`, '{"a":1', '"%DEEP%"'),
    anyText({ maxLength: 40 }),
  ),
})

/** What the server does with the first requests of a call; after that it behaves. */
export const steps = fc.array(step, { minLength: 1, maxLength: 6 })

/** Whether Intercom said yes with a JSON object: then the call must not fail because of what is in it. */
export function saysYes({ status, kind, other }: Step): boolean {
  if (status >= 300 || kind === 'reset' || kind === 'cut' || status === 204) return false
  return kind === 'json' || isObject(other)
}

function isObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(expanded(text))
    return typeof value === 'object' && value !== null && !Array.isArray(value)
  } catch {
    return false
  }
}

/** The reply to a request: by a step, or a good one. */
export function replyTo(request: Received, sent: string, step?: Step): Reply {
  if (step?.kind === 'reset') return (_, socket) => socket.destroy()
  const status = step?.status ?? 200
  const good = status >= 400 ? refusal : goodAnswer(request, sent)
  const json = (step?.changes ?? []).reduce<unknown>((value, { at, to }) => changed(value, at, to), good)
  const text = expanded(step?.kind === 'other' ? step.other : JSON.stringify(json))
  const headers = { 'content-type': 'application/json', 'x-request-id': 'req1' }
  return (response) => {
    if (step?.kind !== 'cut') return response.writeHead(status, headers).end(text)
    response
      .writeHead(status, { ...headers, 'content-length': Buffer.byteLength(text) + 9 })
      .write(text, () => response.destroy())
  }
}

function expanded(text: string): string {
  return Object.entries(long).reduce((all, [mark, make]) => all.replaceAll(mark, make), text)
}

/** A copy in which one part, at any depth, is something else. */
function changed(json: unknown, at: number, to: unknown): unknown {
  const copy = structuredClone(json)
  const slots: [holder: Record<string, unknown>, key: string][] = []
  const visit = (holder: unknown) => {
    if (typeof holder !== 'object' || holder === null) return
    for (const key of Object.keys(holder)) {
      slots.push([holder as Record<string, unknown>, key])
      visit((holder as Record<string, unknown>)[key])
    }
  }
  visit(copy)
  const slot = slots[at % Math.max(1, slots.length)]
  if (slot !== undefined) slot[0][slot[1]] = to
  return copy
}

const id = '0123456789abcdef01234567'
const refusal = {
  type: 'error.list',
  request_id: 'req1',
  errors: [{ code: 'conflict', message: `A contact matching those details already exists with id=${id}` }],
}
