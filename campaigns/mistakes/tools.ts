import type { Mistakes } from './mistake.ts'

const policy = 'src/tools/policy.test.ts'
const adapters = 'test/tools/adapters.test.ts'
const confirm = 'src/tools/mcp/confirm.test.ts'
const progress = 'src/tools/mcp/progress.test.ts'
const mcp = 'test/tools/mcp.test.ts'
const toolsets = 'test/tools/toolsets.test.ts'
const resources = 'src/tools/mcp/resources.test.ts'

export const tools: Mistakes[] = [
  {
    file: 'src/tools/policy.ts',
    tests: [policy],
    edits: [
      ['{ ...defaults, ...given, ...Object', '{ ...given, ...defaults, ...Object'],
      ['.filter(([, value]) => value !== null)\n  return', '.slice()\n  return'],
      ['preset = { ...defaults, ...overrides }', 'preset = { ...overrides }'],
      ['withToolsets(access.toolsets)', 'withToolsets([])'],
      ['{ ...one, required: required.includes(name) }', 'one'],
      ['default: defaults[name]', "default: schema['default']"],
    ],
  },
  {
    file: 'src/tools/policy.ts',
    tests: [policy, toolsets],
    edits: [
      ["effect === 'send' || destructive === true", "effect === 'send' && destructive !== true"],
      ["!isGrave(action) || sends !== 'off'", "action.effect !== 'send' || sends !== 'off'"],
      ["sends === 'confirm' ? ['send', 'destructive'] : []", "sends === 'confirm' ? ['send'] : []"],
      ['approve.has(effectIn(action, input))', 'approve.has(action.effect)'],
      ["approve.length === 0 && sends === 'confirm'", 'approve.length < 0'],
    ],
  },
  {
    file: 'src/tools/invoke.ts',
    tests: ['src/tools/invoke.test.ts', 'test/tools/exact-numbers.test.ts'],
    edits: [
      ['intercom.call(action.name, toSend, options)', 'intercom.call(action.name, given, options)'],
      ["defect(error, action.effect === 'read')", "defect(error, action.effect !== 'send')"],
    ],
  },
  {
    file: 'src/tools/offer.ts',
    tests: ['src/tools/invoke.test.ts', 'test/tools/exact-numbers.test.ts'],
    edits: [
      ['includes(action.name) ?? true', 'includes(action.name) ?? false'],
      ['(exact ? tools', '(!exact ? tools'],
    ],
  },
  {
    file: 'src/tools/callable.ts',
    tests: [adapters],
    edits: [['if (approved === true) return null', 'if (approved !== false) return null']],
  },
  {
    file: 'src/tools/langchain.ts',
    tests: [adapters],
    edits: [
      ['hashOf(name, args), at', 'hashOf(name, {}), at'],
      ['{ approved, signal: config.signal }', '{ approved }'],
      ['asked.size > maxAsked', 'asked.size >= maxAsked'],
    ],
  },
  {
    file: 'src/tools/ai-sdk.ts',
    tests: [adapters],
    edits: [
      ["options.output === 'full' ? JSON", "options.output !== 'compact' ? JSON"],
      ['one.toolCallId === toolCallId ? one.approvalId : []', 'one.approvalId'],
      ['!answers.every(', '!answers.some('],
      ['call?.toolName !== name', 'call === undefined'],
      ["if (of('tool-result').some((one) => one.toolCallId === toolCallId)) return false\n", ''],
      ['hashOf(name, call.input)', 'hashOf(name, given)'],
    ],
  },
  {
    file: 'src/tools/openai-agents.ts',
    tests: [adapters],
    edits: [
      ['callId }) === true)', 'callId }) !== false)'],
      ['asked.get(callId) ??', 'asked.get(name) ??'],
      ['remember(asked, id, hashOf(name, given))', 'remember(asked, id, hashOf(name, [given]))'],
      ['toolCall?.name !== name ||', 'toolCall === undefined ||'],
      ['asked.size > maxAsked', 'asked.size > maxAsked / 1000'],
      ["JSON.stringify(['namespaced', namespace, name])", 'name'],
    ],
  },
  {
    file: 'src/tools/functions.ts',
    tests: [adapters],
    edits: [
      ["formatterOf(offer.output ?? 'compact')", "formatterOf('compact')"],
      ["[...schema['enum'], null]", "schema['enum']"],
      ['required: Object.keys(strict)', 'required'],
    ],
  },
  {
    file: 'src/tools/mcp/confirm.ts',
    tests: [confirm],
    edits: [
      ['asked?.call === call && open.delete(asked.id)', 'asked?.call === call && open.has(asked.id)'],
      ['asked?.call === call', 'asked !== undefined'],
      ['since + ttlSeconds * 1000', 'since + ttlSeconds'],
      ["action !== 'accept' || confirm !== true", "action !== 'accept'"],
      ['const toSend = parsedInput(tool.action, input)', 'const toSend = input'],
      ['name in description.parameters', "name !== ''"],
      ['refuseUnsendable(tool, edited)', 'void edited'],
    ],
  },
  {
    file: 'src/tools/mcp/server.ts',
    tests: [confirm],
    edits: [["('form' in modes || !('url' in modes))", "'form' in modes"]],
  },
  {
    file: 'src/tools/mcp/resources.ts',
    tests: [resources],
    edits: [['return decodeURIComponent(segment)', 'return decodeURI(segment)']],
  },
  {
    file: 'src/tools/mcp/prompts.ts',
    tests: [mcp],
    edits: [
      ['job.tools.every(', 'job.tools.some('],
      ['!given[argument]?.trim()', 'given[argument] === undefined'],
    ],
  },
  {
    file: 'src/tools/mcp/progress.ts',
    tests: [progress],
    edits: [
      ['clearInterval(timer)', 'timer.unref()'],
      ['notify(seconds / 1000', 'notify(seconds'],
      ['Math.max(list.length, 1)', 'list.length'],
    ],
  },
  {
    file: 'src/tools/mcp/accept.ts',
    tests: ['test/tools/mcp-accept.test.ts'],
    edits: [['!== 0', '!== null']],
  },
  {
    file: 'src/tools/mcp/arguments.ts',
    tests: ['test/tools/mcp-arguments.test.ts'],
    edits: [['if (value === null) delete params[name]', 'if (value === undefined) delete params[name]']],
  },
]
