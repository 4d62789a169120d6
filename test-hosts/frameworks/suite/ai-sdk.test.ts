import assert from 'node:assert/strict'
import { test } from 'node:test'
import { generateText, type ModelMessage } from 'ai'
import { MockLanguageModelV3 } from 'ai/test'
import { intercomTools } from 'modulex-intercom/ai-sdk'
import { desk, nobody } from './desk.ts'

type Step = { tool: string; input: object } | { text: string }

/** A model that asks for one tool after the other. */
function scripted(...steps: Step[]) {
  let at = 0
  return new MockLanguageModelV3({
    doGenerate: async () => {
      const step = steps[at++] ?? { text: 'Done.' }
      const asks = 'tool' in step
      return {
        content: [
          asks
            ? {
                type: 'tool-call',
                toolCallId: `call ${at}`,
                toolName: step.tool,
                input: JSON.stringify(step.input),
              }
            : { type: 'text', text: step.text },
        ],
        finishReason: { unified: asks ? 'tool-calls' : 'stop', raw: undefined },
        usage: {
          inputTokens: { total: 1, noCache: 1, cacheRead: 0, cacheWrite: 0 },
          outputTokens: { total: 1, text: 1, reasoning: 0 },
        },
        warnings: [],
      }
    },
  })
}

const stopWhen = ({ steps }: { steps: unknown[] }) => steps.length === 5

/** What the model was told that its last tool call answered. */
function told(model: MockLanguageModelV3): { type: string; value?: unknown } {
  const last = model.doGenerateCalls.at(-1)?.prompt.at(-1)
  assert.equal(last?.role, 'tool')
  const part = (last.content as { type: string; output: { type: string } }[]).at(-1)
  assert.equal(part?.type, 'tool-result')
  return part.output
}

test('the model asks for a tool, the tool writes to the workspace, the model reads the result', async () => {
  const { intercom, note, notes } = await desk()
  const model = scripted({ tool: 'create_note', input: note }, { text: 'Noted.' })
  const tools = intercomTools(intercom)
  const { text, steps } = await generateText({ model, tools, prompt: 'Note that we called.', stopWhen })
  assert.equal(text, 'Noted.')
  assert.deepEqual(await notes(), ['Called back.', ...(await notes()).slice(1)])
  const { type, value } = told(model)
  assert.equal(type, 'text')
  assert.match(String(value), /Called back/)
  const [result] = steps[0]?.toolResults ?? []
  assert.deepEqual(Object.entries(result?.output ?? {}).slice(0, 2), [
    ['success', true],
    ['error', null],
  ])
})

test('a tool that fails tells the model what to do, as an error', async () => {
  const { intercom } = await desk()
  const model = scripted({ tool: 'get_contact', input: { contact_id: nobody } })
  await generateText({ model, tools: intercomTools(intercom), prompt: 'Who is it?', stopWhen })
  const { type, value } = told(model)
  assert.equal(type, 'error-text')
  assert.match(String(value), /^get_contact: 404 not_found: User Not Found.*search_contacts/)
})

test('an input that does not fit is answered by the action, and nothing is sent', async () => {
  const { intercom } = await desk()
  const model = scripted({ tool: 'get_contact', input: { contactId: nobody } })
  await generateText({ model, tools: intercomTools(intercom), prompt: 'Who is it?', stopWhen })
  assert.match(String(told(model).value), /contact_id is required.*Nothing was sent/)
})

for (const approved of [true, false]) {
  test(`a send waits for a person, who ${approved ? 'approves' : 'rejects'} it`, async () => {
    const { intercom, reply, parts } = await desk()
    const before = await parts()
    const model = scripted({ tool: 'reply_to_conversation', input: reply }, { text: 'Over.' })
    const tools = intercomTools(intercom, { sends: 'confirm' })
    const messages: ModelMessage[] = [{ role: 'user', content: 'Tell them that it is fixed.' }]
    const asked = await generateText({ model, tools, messages, stopWhen })
    const request = asked.content.find((part) => part.type === 'tool-approval-request')
    assert.ok(request?.type === 'tool-approval-request')
    assert.deepEqual(await parts(), before)
    messages.push(...asked.response.messages, {
      role: 'tool',
      content: [{ type: 'tool-approval-response', approvalId: request.approvalId, approved }],
    })
    const { text } = await generateText({ model, tools, messages, stopWhen })
    assert.equal(text, 'Over.')
    assert.deepEqual(await parts(), approved ? [...before, 'It is fixed.'] : before)
    assert.equal(told(model).type, approved ? 'text' : 'execution-denied')
  })
}

test('what the operator sets the model neither sees nor changes', async () => {
  const { intercom } = await desk()
  const options = { readOnly: true, parameterOverrides: { list_conversations: { per_page: 1 } } }
  const tools = intercomTools(intercom, options)
  assert.deepEqual([tools['create_note'], 'get_contact' in tools], [undefined, true])
  const model = scripted({ tool: 'list_conversations', input: {} })
  const { steps } = await generateText({ model, tools, prompt: 'What is new?', stopWhen })
  const offered = model.doGenerateCalls[0]?.tools?.find(({ name }) => name === 'list_conversations')
  assert.ok(offered !== undefined && !JSON.stringify(offered).includes('per_page'))
  const { conversations } = steps[0]?.toolResults[0]?.output ?? {}
  assert.equal(conversations.length, 1)
})

test('the full output is everything Intercom sent', async () => {
  const { intercom, contactId } = await desk()
  const model = scripted({ tool: 'get_contact', input: { contact_id: contactId } })
  const tools = intercomTools(intercom, { output: 'full' })
  await generateText({ model, tools, prompt: 'Who is it?', stopWhen })
  assert.deepEqual(
    JSON.parse(String(told(model).value)),
    await intercom.getContact({ contact_id: contactId }),
  )
})
