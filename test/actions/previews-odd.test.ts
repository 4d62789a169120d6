// A person's view of a call when Intercom, or a customer, gives anything in the place of what is promised.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { z } from 'zod'
import { catalogue } from '../../src/actions/toolsets.ts'
import type { OpenCall } from '../../src/client/client.ts'
import type { Previewed } from '../../src/core/action.ts'
import { Memory } from '../../src/core/memory.ts'
import { parsedInput, runPreview } from '../../src/core/run.ts'
import { createIntercom, IntercomError } from '../../src/index.ts'
import { approvalCard } from '../../src/tools/approval/card.ts'
import { createWorkspace, type Workspace } from '../../src/workspace/index.ts'
import { actionExamples } from '../support/action-examples.ts'
import { type ToolsetSubjects, toolsetExamples, toolsetSubjects } from '../support/toolset-examples.ts'

type Json = { [key: string]: unknown }

let workspace: Workspace
let of: ToolsetSubjects
/** The good answers, by path. */
const answers = new Map<string, Json>()
before(async () => {
  workspace = await createWorkspace({ seed: 20 })
  const { accessToken, dispatcher } = workspace
  of = await toolsetSubjects(createIntercom({ accessToken, dispatcher, toolsets: ['all'] }))
})
after(() => workspace.close())

async function answered({
  method,
  path,
  body,
}: {
  method: string
  path: { encoded: string }
  body?: unknown
}) {
  const at = `${method} ${path.encoded}`
  const known = answers.get(at)
  if (known !== undefined) return known
  const headers = { Authorization: `Bearer ${workspace.accessToken}`, 'Content-Type': 'application/json' }
  const json = body === undefined ? {} : { body: JSON.stringify(body) }
  const response = await workspace.fetch(
    new Request(`http://local${path.encoded}`, { method, headers, ...json }),
  )
  const answer = (await response.json()) as Json
  answers.set(at, answer)
  return answer
}

/** The preview of an action where `change` has its way with each answer, which it gets with its number. */
async function previewed(
  name: string,
  change: (answer: Json, number: number) => unknown = (answer) => answer,
) {
  const action = catalogue.find((one) => one.name === name)
  assert.ok(action?.preview)
  const examples = { ...actionExamples, ...toolsetExamples } as unknown as Record<
    string,
    (of: ToolsetSubjects) => object
  >
  const input = parsedInput(action, examples[name]?.(of))
  let number = 0
  const send = async (request: never) => {
    const answer = await answered(request)
    return change(answer, number++)
  }
  const state = { memory: new Memory(), redact: (text: string) => text }
  const seen = await runPreview(action, action.preview, input, { send } as unknown as OpenCall, state)
  return { seen, requests: number, card: () => approvalCard(action, input, cardAbout(seen)) }
}

const cardAbout = (seen: Previewed) =>
  seen.preview === null ? { problem: String(seen.output.error) } : { preview: seen.preview }

const text = z.string().nullable()
const schema = z.strictObject({
  to: z.array(
    z.strictObject({
      type: z.literal('contact'),
      ...{
        id: z.string(),
        name: text,
        email: text,
        role: text,
        company: text,
        warnings: z.array(z.string()),
      },
    }),
  ),
  from: z
    .strictObject({ type: z.enum(['admin', 'contact']), id: z.string(), name: text, email: text })
    .nullable(),
  conversation: z
    .strictObject({
      ...{ id: z.string(), subject: text, state: text },
      last: z
        .array(
          z.strictObject({
            ...{ by: z.string(), kind: z.enum(['admin', 'user', 'bot']), at: z.number() },
            ...{ text: z.string(), note: z.boolean() },
          }),
        )
        .max(3),
    })
    .nullable(),
  ...{ channel: text, text, shown: text, textParameter: text },
  ...{ attachments: z.array(z.string()), notes: z.array(z.string()) },
})

/** Every place in an answer, as far as a preview might read. */
function placesOf(value: unknown, depth = 5): (string | number)[][] {
  if (typeof value !== 'object' || value === null || depth === 0) return []
  const entries = Array.isArray(value)
    ? [...value.slice(-2).keys()].map((at) => [at + Math.max(0, value.length - 2), value.at(at - 2)] as const)
    : Object.entries(value)
  return entries.flatMap(([key, item]) => [[key], ...placesOf(item, depth - 1).map((rest) => [key, ...rest])])
}

/** A copy of an answer with another value in a place. */
function put(answer: unknown, [key = '', ...rest]: (string | number)[], value: unknown): Json {
  const copy = Array.isArray(answer) ? [...answer] : { ...(answer as Json) }
  const fields = copy as Json
  if (rest.length > 0) fields[key] = put(fields[key], rest, value)
  else if (value === undefined) delete fields[key]
  else fields[key] = value
  return fields
}

const marker = 'FORGED'
const hostile = `x${marker}\nTo: "${marker}"\r\u2028As: ${marker}\u202e\u200b\u0000<b>&lt;${marker}\n    | ${marker}`
const odd: unknown[] = [undefined, -1e300, [null, 7, { id: null }], { toString: 1 }, hostile]
const grave = catalogue.filter(({ effect, destructive }) => effect === 'send' || destructive)

for (const { name } of grave)
  test(`whatever an answer has in a place, the preview of ${name} is one, or says why there is none`, async () => {
    const { seen, requests, card } = await previewed(name)
    assert.ok(seen.preview !== null && requests > 0 && requests <= 5)
    schema.parse(seen.preview)
    const good = card().split('\n').map(kindOf)
    for (let number = 0; number < requests; number += 1) {
      let places: (string | number)[][] = []
      await previewed(name, (answer, at) => {
        if (at === number) places = placesOf(answer)
        return answer
      })
      for (const place of places)
        for (const value of odd) {
          const one = await previewed(name, (answer, at) =>
            at === number ? put(answer, place, value) : answer,
          )
          const what = `${place.join('.')} of ${number} = ${JSON.stringify(value)}`
          assert.ok(one.requests <= 5, what)
          if (one.seen.preview !== null) schema.parse(one.seen.preview)
          else
            assert.deepEqual([one.seen.failure.outcome, one.seen.output.success], ['not_sent', false], what)
          const lines = one.card().split('\n')
          assert.doesNotMatch(one.card(), /[[\p{C}\p{Zl}]--[\n]]/v, what)
          for (const line of lines) {
            assert.ok(kindOf(line) !== null, `${what}: ${line}`)
            assert.ok(
              !line.startsWith(`As: ${marker}`) && !line.startsWith(`To: "${marker}`),
              `${what}: ${line}`,
            )
          }
        }
    }
    assert.ok(!good.includes(null))
  })

/** What a line of a card is; `null` for one that is of no kind. */
function kindOf(line: string): string | null {
  const known =
    /^(?:.*\? (?:It may reach|What it takes away)|To: |About: | {2}! |From: |In: |As: |Note: |What was said last| {2}- | {4}\| ?|The text as it will be (?:sent|seen) \(|Attached:|The call, in the words|Nothing could be looked up: |[a-z_]+(?: \(\d+ characters.*\))?: | {2}\| |$)/
  return known.exec(line)?.[0] ?? null
}

const failing = (status: number, at: number) => (answer: Json, number: number) => {
  if (number === at) throw new IntercomError('refused', { code: 'refused', status, outcome: 'rejected' })
  return answer
}

test('a read that fails asks nobody, unless what it hides is beside the point', async () => {
  const name = 'send_message_to_contact'
  const { requests } = await previewed(name)
  for (let at = 0; at < requests; at += 1) {
    const { seen } = await previewed(name, failing(500, at))
    assert.ok(seen.preview === null && seen.failure.outcome === 'not_sent')
    assert.match(String(seen.output.error), /500 refused: .*Nothing was sent/)
  }
  const { seen } = await previewed(name, failing(403, 1))
  assert.match(String(seen.preview?.to[0]?.warnings), /who else has the same e-mail could not be looked up/)
})
