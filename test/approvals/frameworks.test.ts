import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { Agent, Runner } from '@openai/agents'
import { generateText, isStepCount } from 'ai'
import { holding, openApprovals } from '../../src/approvals/index.ts'
import { createIntercom } from '../../src/index.ts'
import { intercomTools as aiSdkTools } from '../../src/tools/ai-sdk.ts'
import { intercomTools as functionTools } from '../../src/tools/functions.ts'
import { intercomTools as langChainTools } from '../../src/tools/langchain.ts'
import { intercomTools as openAiTools } from '../../src/tools/openai-agents.ts'
import { createWorkspace } from '../../src/workspace/index.ts'
import { correspondence } from '../support/correspondence.ts'
import { aiSdkModel, openAiModel } from '../support/scripted-models.ts'

// A program that gives its tools a file of approvals asks nobody itself: what needs a person is held there.
const workspace = await createWorkspace({ seed: 'small', rateLimit: false })
const { accessToken, dispatcher } = workspace
const folder = mkdtempSync(join(tmpdir(), 'modulex-intercom-frameworks-'))
const intercom = createIntercom({ accessToken, dispatcher, journal: join(folder, 'journal.db') })
const { conversation, bodies, reply } = await correspondence(intercom)
const store = openApprovals(join(folder, 'approvals.db'))
after(async () => {
  store.close()
  await intercom.close()
  await workspace.close()
  rmSync(folder, { recursive: true })
})

const name = 'reply_to_conversation'
const options = { sends: 'confirm', approvals: holding(store, { caller: 'a program' }) } as const

/** One turn in which a model replies, by framework; answers what the model is told. */
const frameworks: [framework: string, run: (input: object) => Promise<string>][] = [
  [
    'AI SDK',
    async (input) => {
      const { steps } = await generateText({
        model: aiSdkModel([{ tool: name, input }]),
        tools: aiSdkTools(intercom, options),
        prompt: 'Tell them.',
        stopWhen: isStepCount(3),
      })
      return JSON.stringify(steps[0]?.toolResults.map(({ output }) => output))
    },
  ],
  [
    'LangChain',
    async (input) => {
      const { tools, interruptOn } = langChainTools(intercom, options)
      assert.deepEqual(interruptOn, {})
      const tool = tools.find((one) => one.name === name)
      const message = await tool?.invoke({ type: 'tool_call', id: 'call 1', name, args: input as never })
      return JSON.stringify(message)
    },
  ],
  [
    'OpenAI Agents',
    async (input) => {
      const model = openAiModel([{ tool: name, input }])
      const agent = new Agent({ name: 'Support', model, tools: openAiTools(intercom, options) })
      const { interruptions, newItems } = await new Runner({ tracingDisabled: true }).run(agent, 'Tell them.')
      assert.deepEqual(interruptions, [])
      return JSON.stringify(newItems.filter(({ type }) => type === 'tool_call_output_item'))
    },
  ],
  [
    'plain functions',
    async (input) => {
      const { tools, call } = functionTools(intercom, options)
      assert.deepEqual(
        tools.filter(({ needsApproval }) => needsApproval),
        [],
      )
      return (await call(name, input)).text
    },
  ],
]

for (const [framework, run] of frameworks) {
  test(`${framework}: a call is held, and the same call later gets what a person made of it`, async () => {
    const input = reply(await conversation(), `Held in ${framework}`)
    const sent = async () =>
      (await bodies(input.conversation_id)).filter((body) => body.includes('Held in')).length
    const [id = ''] = /apr_[\w-]{22}/.exec(await run(input)) ?? []
    assert.match(await run(input), /held: a person has to approve this call; nothing was sent/)
    assert.equal(await sent(), 0)
    await store.decide(id, { approve: true }, 'Ada', 'api')
    assert.doesNotMatch(await run(input), /held:/)
    assert.doesNotMatch(await run(input), /held:/)
    assert.equal(await sent(), 1)
  })
}

test('a client without a journal cannot hold calls, and that is said when the tools are made', () => {
  const without = createIntercom({ accessToken, dispatcher })
  for (const make of [aiSdkTools, langChainTools, openAiTools, functionTools])
    assert.throws(() => make(without, options), {
      code: 'invalid_input',
      message: /the client needs a journal/,
    })
})
