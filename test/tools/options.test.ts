import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createIntercom } from '../../src/index.ts'
import { httpHandler } from '../../src/server/rest/index.ts'
import { intercomTools as aiSdk } from '../../src/tools/ai-sdk.ts'
import { intercomTools as functions } from '../../src/tools/functions.ts'
import { intercomTools as langchain } from '../../src/tools/langchain.ts'
import { mcpHttp, mcpServers, mcpStdio } from '../../src/tools/mcp/index.ts'
import { intercomTools as openaiAgents } from '../../src/tools/openai-agents.ts'

const intercom = createIntercom({ accessToken: 'test' })

/** Every function that offers actions, as JavaScript calls it. */
const factories: Record<string, (options: never) => unknown> = {
  aiSdk: (options) => aiSdk(intercom, options),
  functions: (options) => functions(intercom, options),
  langchain: (options) => langchain(intercom, options),
  openaiAgents: (options) => openaiAgents(intercom, options),
  mcpServers: (options) => mcpServers(intercom, options),
  mcpStdio: (options) => void mcpStdio(intercom, options).close(), // it has taken over this process's stdin
  mcpHttp: (options) => mcpHttp(intercom, options),
  httpHandler: (options) => httpHandler(intercom, options),
}

const wrong: [options: unknown, message: RegExp][] = [
  ...['Off', 'OFF', 'off ', 'never', 'no', 'deny', 'none', 'Confirm', '', false, true, 0, null, ['off']].map(
    (sends): [unknown, RegExp] => [{ sends }, /^sends must be "allow", "confirm" or "off"/],
  ),
  [{ sends: 'Confirm' }, /Did you mean "confirm"\?$/],
  [{ readonly: true }, /^unknown option "readonly"\. Did you mean "readOnly"\?$/],
  [{ read_only: true }, /Did you mean "readOnly"\?$/],
  [{ Sends: 'off' }, /Did you mean "sends"\?$/],
  ...['yes', 'true', 'false', 1, 0, null, {}].map((readOnly): [unknown, RegExp] => [
    { readOnly },
    /^readOnly must be true or false$/,
  ]),
  ...(['only', 'deny'] as const).flatMap((list): [unknown, RegExp][] => [
    ...['create_note', { create_note: true }, null, [1], new Set(['create_note'])].map(
      (value): [unknown, RegExp] => [
        { [list]: value },
        new RegExp(`^${list} must be an array of action names$`),
      ],
    ),
    [{ [list]: ['create_notes'] }, new RegExp(`^${list}: unknown action.*Did you mean "create_note"`)],
  ]),
  [{ output: 'Full' }, /^output must be "compact" or "full"\. Did you mean "full"\?$/],
  ...(['parameterDefaults', 'parameterOverrides'] as const).flatMap((option): [unknown, RegExp][] => [
    ...[[], 'x', null, { create_note: null }, { create_note: ['body'] }].map((value): [unknown, RegExp] => [
      { [option]: value },
      new RegExp(`^${option} must be an object of objects`),
    ]),
    [{ [option]: { create_notes: {} } }, /unknown action "create_notes"\. Did you mean "create_note"\?$/],
    [{ [option]: { create_note: { admin: '1' } } }, /create_note: unknown parameter "admin"/],
    [
      { [option]: { reply_to_conversation: { admin_id: 7431001 } } },
      new RegExp(`^${option}: reply_to_conversation: admin_id must be a string, not a number$`),
    ],
    [{ [option]: { reply_to_conversation: { message_type: 'Note' } } }, /message_type must be/],
    [{ [option]: { list_conversations: { per_page: 'ten' } } }, /per_page must be a number, not a string/],
  ]),
  [
    { parameterDefaults: { reply_to_conversation: { admin_id: null } } },
    /admin_id must be a string, not null/,
  ],
  ...['traceId', [1], null, { traceId: true }].map((ignoredParameters): [unknown, RegExp] => [
    { ignoredParameters },
    /^ignoredParameters must be an array of names$/,
  ]),
  [
    { ignoredParameters: ['traceId', 'body'] },
    /^ignoredParameters: "body" is a parameter of create_note; leave it out$/,
  ],
  [{ ignoredParameter: [] }, /Did you mean "ignoredParameters"\?$/],
  ['off', /^options must be an object$/],
  [null, /^options must be an object$/],
  [[], /^options must be an object$/],
]

for (const [name, make] of Object.entries(factories)) {
  test(`${name} refuses options that are unknown or wrong before it offers anything`, () => {
    for (const [options, message] of wrong) {
      const shown = JSON.stringify(options)
      assert.throws(
        () => make(options as never),
        { name: 'IntercomError', code: 'invalid_input', message },
        shown,
      )
    }
  })
}

test('what an adapter accepts beside the others is checked as well', () => {
  const own: [factory: string, options: object][] = [
    ['functions', { strict: 'yes' }],
    ['mcpStdio', { onError: true }],
    ['mcpHttp', { maxRequestBytes: '1000' }],
    ['mcpHttp', { maxRequestBytes: 0 }],
    ['httpHandler', { idempotencyScope: 1 }],
    ['httpHandler', { metrics: true }],
    ['aiSdk', { strict: true }],
    ['mcpServers', { onError: () => undefined }],
  ]
  for (const [name, options] of own) {
    assert.throws(
      () => factories[name]?.(options as never),
      { code: 'invalid_input' },
      JSON.stringify(options),
    )
  }
})

test('values of parameters that a call would accept are accepted, null in place of one forbids it', () => {
  const options = {
    parameterDefaults: {
      list_conversations: { per_page: 10 },
      reply_to_conversation: { admin_id: '7431001' },
    },
    parameterOverrides: { reply_to_conversation: { attachment_urls: null, message_type: 'note' } },
    ignoredParameters: ['traceId', 'user_id'],
  }
  for (const make of Object.values(factories)) make(options as never)
})
