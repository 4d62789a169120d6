import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Client, InMemoryTransport, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { serveStdio } from '@modelcontextprotocol/server/stdio'
import { emptyPreview } from '../../core/preview.ts'
import type { Intercom } from '../../intercom.ts'
import { type McpOptions, mcpHttp, mcpServers } from './index.ts'

type Era = 'legacy' | 'modern'
type Content = { confirm?: boolean; text?: string; reason?: string }
type Answer = { action: 'accept' | 'decline' | 'cancel'; content?: Content }

const reply = {
  name: 'reply_to_conversation',
  arguments: { conversation_id: '7', reply_type: 'admin', admin_id: '1', body: 'Your refund is on its way' },
}

/** A client of a server that asks for confirmation, the questions it was asked, and the calls that got through. */
async function asking(
  era: Era,
  answer: Answer | (() => Answer) | undefined,
  elicitation: { [mode: string]: Record<string, never> } = { form: {} },
  more: { options?: McpOptions; preview?: Intercom['preview'] } = {},
) {
  const sent: unknown[] = []
  const questions: string[] = []
  const forms: object[] = []
  const { options, ...previews } = more
  const intercom = {
    ...previews,
    call: async (_name: string, input: unknown) => {
      sent.push(input)
      return { output: { success: true, error: null, result: {} }, failure: null, trace: {} }
    },
  } as unknown as Intercom
  const client = new Client(
    { name: 'test', version: '1' },
    {
      capabilities: answer ? { elicitation } : {},
      versionNegotiation: { mode: era === 'legacy' ? 'legacy' : { pin: '2026-07-28' } },
    },
  )
  if (answer) {
    client.setRequestHandler('elicitation/create', ({ params }) => {
      questions.push(params.message)
      if ('requestedSchema' in params) forms.push(params.requestedSchema)
      return typeof answer === 'function' ? answer() : answer
    })
  }
  const [near, far] = InMemoryTransport.createLinkedPair()
  serveStdio(mcpServers(intercom, { sends: 'confirm', ...options }), { transport: far })
  await client.connect(near)
  return { client, sent, questions, forms }
}

/** A client of Intercom that knows whom a reply reaches. */
const previewing: Intercom['preview'] = async (_, input) => ({
  preview: {
    ...emptyPreview,
    to: [
      {
        type: 'contact',
        id: 'c1',
        name: 'Ann\nFrom: "Eve"',
        email: 'a@b.test',
        role: 'user',
        company: null,
        warnings: [],
      },
    ],
    channel: 'reply by e-mail',
    text: (input as { body: string }).body,
    textParameter: 'body',
  },
  failure: null,
})

for (const era of ['legacy', 'modern'] as const) {
  test(`${era}: what a person confirms is sent once, after they have seen all of it`, async () => {
    const { client, sent, questions } = await asking(era, { action: 'accept', content: { confirm: true } })
    const { isError } = await client.callTool(reply)
    assert.deepEqual([isError, sent.length, questions.length], [false, 1, 1])
    assert.match(
      String(questions[0]),
      /cannot be taken back[\s\S]*conversation_id: 7[\s\S]*message_type: comment[\s\S]*body \(25 characters\): Your refund is on its way/,
    )
    await client.close()
  })

  test(`${era}: nothing is sent when a person declines, dismisses, or leaves the box unticked`, async () => {
    const answers: Answer[] = [
      { action: 'decline' },
      { action: 'cancel' },
      { action: 'accept', content: { confirm: false } },
      { action: 'accept' },
    ]
    for (const answer of answers) {
      const { client, sent } = await asking(era, answer)
      const result = await client.callTool(reply)
      assert.deepEqual([result.isError, sent], [true, []])
      assert.match(JSON.stringify(result.content), /not_confirmed/)
      await client.close()
    }
  })

  test(`${era}: a client that cannot ask a person is refused, whatever the model says`, async () => {
    const { client, sent } = await asking(era, undefined)
    for (const [given, code] of [
      [reply.arguments, /confirmation_unavailable/],
      [{ ...reply.arguments, confirm: true }, /unknown parameter/],
    ] as const) {
      const result = await client.callTool({ ...reply, arguments: given })
      assert.deepEqual([result.isError, sent], [true, []])
      assert.match(JSON.stringify(result.content), code)
    }
    await client.close()
  })

  test(`${era}: a text shows as what it is: no line of it as a parameter, nothing of it unseen`, async () => {
    const { client, sent, questions } = await asking(era, { action: 'accept', content: { confirm: true } })
    const body = 'Hello\nmessage_type: note\u2028admin_id: 9\r\u202efdp\u200b 👍🏽❤️'
    await client.callTool({ ...reply, arguments: { ...reply.arguments, body } })
    const lines = String(questions[0]).split('\n')
    assert.match(String(lines[2]), /^Asked by: a program that calls itself "test", at 20..-..-.. ..:.. UTC$/)
    assert.deepEqual(lines.slice(3), [
      '',
      'The call, in the words of whoever asks for it:',
      'conversation_id: 7',
      'reply_type: admin',
      'message_type: comment',
      'body (47 characters, 4 of them not visible): Hello',
      '  | message_type: note[U+2028]admin_id: 9[U+000D][U+202E]fdp[U+200B] 👍🏽❤️',
      'admin_id: 1',
    ])
    assert.equal((sent[0] as { body: string }).body, body)
    await client.close()
  })

  test(`${era}: a person sees whom it reaches, and may change the text, which the caller is told`, async () => {
    for (const output of ['compact', 'full'] as const) {
      const changed = 'Your refund is on its way, Ann'
      const answer = { action: 'accept', content: { confirm: true, text: changed } } as const
      const more = { preview: previewing, options: { output } }
      const { client, sent, questions, forms } = await asking(era, answer, { form: {} }, more)
      const { isError, content } = await client.callTool(reply)
      assert.deepEqual([isError, sent], [false, [{ ...reply.arguments, body: changed }]])
      assert.match(
        JSON.stringify(content),
        /A person changed body before they confirmed this call, to .*on its way, Ann/,
      )
      const lines = String(questions[0]).split('\n')
      assert.equal(lines[2], 'To: "Ann[U+000A]From: \\"Eve\\"", e-mail "a@b.test", user, id c1')
      assert.ok(!lines.some((line) => line.startsWith('From: ')))
      assert.ok(lines.includes('    | Your refund is on its way') && lines.includes('body: the text above'))
      const { properties } = forms[0] as { properties: { text: { default: string } } }
      assert.deepEqual(
        [Object.keys(properties), properties.text.default],
        [['confirm', 'text', 'reason'], reply.arguments.body],
      )
      await client.close()
    }
  })

  test(`${era}: a text that is left as it is, or empty, is sent as it is; one that cannot be sent is not`, async () => {
    const { body } = reply.arguments
    for (const [text, expected] of [
      [body, [reply.arguments]],
      [`${body}\r\n`, [reply.arguments]],
      [' ', [reply.arguments]],
      ['Dear <your name>', []],
      ['<p><br></p>', []],
    ] as const) {
      const answer = { action: 'accept', content: { confirm: true, text } } as const
      const { client, sent } = await asking(era, answer, { form: {} }, { preview: previewing })
      const { content } = await client.callTool(reply)
      assert.deepEqual(sent, expected, text)
      if (expected.length === 0)
        assert.match(
          JSON.stringify(content),
          /not_confirmed: a person changed the text.*body.*Nothing was sent/,
        )
      await client.close()
    }
  })

  test(`${era}: a text that the operator has set is not changed, nor one without a preview`, async () => {
    const answer = { action: 'accept', content: { confirm: true, text: 'Other' } } as const
    const { body, ...rest } = reply.arguments
    const parameterOverrides = { [reply.name]: { body } }
    for (const [more, given] of [
      [{ preview: previewing, options: { parameterOverrides } }, rest],
      [{}, reply.arguments],
    ] as const) {
      const { client, sent, forms } = await asking(era, answer, { form: {} }, more)
      await client.callTool({ ...reply, arguments: given })
      assert.deepEqual(
        [sent, 'text' in (forms[0] as { properties: object }).properties],
        [[reply.arguments], false],
      )
      await client.close()
    }
  })

  test(`${era}: the caller is told why a person did not confirm`, async () => {
    const reason = 'Not "today"\nplease'
    for (const answer of [
      { action: 'accept', content: { confirm: false, reason } },
      { action: 'accept', content: { reason, text: 'Other' } },
      { action: 'decline', content: { confirm: true, reason } },
    ] as const) {
      const { client, sent } = await asking(era, answer, { form: {} }, { preview: previewing })
      const { content } = await client.callTool(reply)
      assert.deepEqual(sent, [])
      const text = textOf(content)
      assert.match(text, /not_confirmed: .*They said: "Not \\"today\\"\\nplease"\. Nothing was sent/)
      await client.close()
    }
  })

  test(`${era}: nobody is asked about a note, nor about what is not there`, async () => {
    const output = { success: false as const, error: 'There is no such conversation.' }
    const failure = { code: 'not_found' } as never
    const preview: Intercom['preview'] = async () => ({ preview: null, output, failure })
    const { client, sent, questions } = await asking(era, { action: 'decline' }, { form: {} }, { preview })
    const missing = await client.callTool(reply)
    assert.deepEqual([missing.isError, sent, questions], [true, [], []])
    assert.match(JSON.stringify(missing.content), /There is no such conversation/)
    const note = { ...reply.arguments, message_type: 'note' }
    const { isError } = await client.callTool({ ...reply, arguments: note })
    assert.deepEqual([isError, sent, questions], [false, [note], []])
    await client.close()
  })

  test(`${era}: nobody is asked about what could not be sent`, async () => {
    const { client, sent, questions } = await asking(era, { action: 'accept', content: { confirm: true } })
    const { isError, content } = await client.callTool({ ...reply, arguments: { conversation_id: '7' } })
    assert.deepEqual([isError, sent, questions], [true, [], []])
    assert.match(JSON.stringify(content), /invalid_input: .*body is required/)
    await client.close()
  })

  test(`${era}: a client that can only open pages cannot show the question`, async () => {
    const yes = { action: 'accept', content: { confirm: true } } as const
    const { client, sent, questions } = await asking(era, yes, { url: {} })
    const { content } = await client.callTool(reply)
    assert.deepEqual([sent, questions], [[], []])
    assert.match(JSON.stringify(content), /confirmation_unavailable/)
    await client.close()
  })

  test(`${era}: a client that names no mode shows forms`, async () => {
    const yes = { action: 'accept', content: { confirm: true } } as const
    const { client, sent, questions } = await asking(era, yes, {})
    await client.callTool(reply)
    assert.deepEqual([sent.length, questions.length], [1, 1])
    await client.close()
  })

  test(`${era}: what reaches no customer is not asked about`, async () => {
    const { client, sent, questions } = await asking(era, { action: 'decline' })
    const { isError } = await client.callTool({ name: 'list_tags', arguments: {} })
    assert.deepEqual([isError, sent.length, questions], [false, 1, []])
    await client.close()
  })
}

test('an answer counts for one call, and for the very input it was given for', async () => {
  let sent = 0
  const intercom = {
    call: async () => ({ output: { success: true, error: null, result: {} }, count: ++sent }),
  }
  const { fetch } = mcpHttp(intercom as unknown as Intercom, { sends: 'confirm' })
  const meta = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1' },
    'io.modelcontextprotocol/clientCapabilities': { elicitation: { form: {} } },
  }
  const post = async (params: object, send = fetch) => {
    const headers = {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': 'tools/call',
      'mcp-name': reply.name,
    }
    const body = JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: { ...params, _meta: meta },
    })
    const response = await send(new Request('http://localhost/mcp', { method: 'POST', headers, body }))
    const { result, error } = (await response.json()) as Record<'result' | 'error', { [key: string]: never }>
    return result ?? error
  }
  const yes = { confirm: { action: 'accept', content: { confirm: true } } }
  const forged = await post({ ...reply, inputResponses: yes })
  assert.equal(forged['resultType'], 'input_required', 'an answer to no question is no answer')
  const { requestState } = await post(reply)
  const long = { ...reply, arguments: { ...reply.arguments, body: 'long '.repeat(10_000) } }
  assert.ok(String((await post(long))['requestState']).length < 500, 'the input is not sent twice')
  const other = { ...reply, arguments: { ...reply.arguments, body: 'Something else' } }
  assert.equal((await post({ ...other, inputResponses: yes, requestState }))['resultType'], 'input_required')
  const another = mcpHttp(intercom as unknown as Intercom, { sends: 'confirm' }).fetch
  const elsewhere = await post({ ...reply, inputResponses: yes, requestState }, another)
  assert.equal(elsewhere['code'], -32602, "another key's server takes it for a forgery")
  assert.equal(sent, 0)
  await post({ ...reply, inputResponses: yes, requestState })
  assert.equal(sent, 1)
  const again = await post({ ...reply, inputResponses: yes, requestState })
  assert.deepEqual([sent, again['resultType']], [1, 'input_required'])
  const tampered = await post({
    ...reply,
    inputResponses: yes,
    requestState: `${String(requestState).slice(0, -4)}AAAA`,
  })
  assert.deepEqual([sent, tampered['code']], [1, -32602])
})

test('over HTTP a person is asked in the new era; an old client, which cannot be asked there, is refused', async () => {
  for (const [mode, expected] of [
    [{ pin: '2026-07-28' }, 1],
    ['legacy', 0],
  ] as const) {
    let sent = 0
    const intercom = {
      call: async () => ({ output: { success: true, error: null, result: {} }, count: ++sent }),
    }
    const { fetch } = mcpHttp(intercom as unknown as Intercom, { sends: 'confirm' })
    const client = new Client(
      { name: 'test', version: '1' },
      { capabilities: { elicitation: { form: {} } }, versionNegotiation: { mode } },
    )
    client.setRequestHandler('elicitation/create', () => ({ action: 'accept', content: { confirm: true } }))
    const url = new URL('http://localhost/mcp')
    await client.connect(
      new StreamableHTTPClientTransport(url, { fetch: (input, init) => fetch(new Request(input, init)) }),
    )
    const result = await client.callTool(reply)
    assert.deepEqual([sent, result.isError], [expected, expected === 0])
    await client.close()
  }
})

test('a person has ten minutes to answer', async (t) => {
  for (const [minutes, count] of [
    [9, 1],
    [11, 0],
  ] as const) {
    t.mock.timers.enable({ apis: ['Date'], now: 1_800_000_000_000 })
    const { client, sent } = await asking('modern', () => {
      t.mock.timers.tick(minutes * 60_000)
      return { action: 'accept', content: { confirm: true } }
    })
    await client.callTool(reply).catch(() => {})
    assert.equal(sent.length, count, `${minutes} minutes`)
    await client.close()
    t.mock.timers.reset()
  }
})

function textOf(content: unknown): string {
  return (content as { text: string }[]).map(({ text }) => text).join('\n')
}
