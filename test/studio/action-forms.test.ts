import assert from 'node:assert/strict'
import { test } from 'node:test'
import { catalogue } from '../../src/actions/toolsets.ts'
import { describe } from '../../src/core/describe.ts'
import { createIntercom } from '../../src/index.ts'
import {
  type Action,
  type Field,
  fieldsOf,
  type IdOf,
  type Kind,
  type Schema,
  searchedKind,
} from '../../src/studio/actions/fields.ts'
import { choicesOf, lookup } from '../../src/studio/actions/lookups.ts'
import { type Explanation, isOpen, outcomeOf } from '../../src/studio/actions/outcome.ts'
import { filled, valuesOf } from '../../src/studio/actions/values.ts'
import { createWorkspace } from '../../src/workspace/index.ts'
import { actionExamples } from '../support/action-examples.ts'
import { toolsetExamples, toolsetSubjects } from '../support/toolset-examples.ts'

const workspace = await createWorkspace({ seed: 'small', rateLimit: false })
const { accessToken, dispatcher } = workspace
const intercom = createIntercom({ accessToken, dispatcher, toolsets: ['all'] })
const of = await toolsetSubjects(intercom)
const examples = { ...actionExamples, ...toolsetExamples } as unknown as Record<
  string,
  (given: typeof of) => Record<string, unknown>
>
const forms = catalogue.map((action) => {
  const { name, input_schema } = describe(action)
  return { name, fields: fieldsOf({ name, input_schema } as Pick<Action, 'name' | 'input_schema'>) }
})

test('every parameter of every action has a field, and those that are needed come first', () => {
  for (const action of catalogue) {
    const { input_schema } = describe(action)
    const fields = forms.find(({ name }) => name === action.name)?.fields ?? []
    const names = Object.keys(input_schema['properties'] as object)
    assert.deepEqual(fields.map(({ name }) => name).toSorted(), names.toSorted(), action.name)
    const required = (input_schema['required'] ?? []) as string[]
    assert.deepEqual(
      fields
        .slice(0, required.length)
        .map(({ name }) => name)
        .toSorted(),
      required.toSorted(),
    )
  }
})

test('a form that was filled in from an input makes this input', () => {
  for (const { name, fields } of forms) {
    const input = examples[name]?.(of) ?? {}
    const { values, unknown } = valuesOf(fields, input)
    assert.deepEqual([filled(fields, values), unknown], [{ input, problems: {} }, []], name)
  }
})

test('what is left blank is not sent, and only what is needed is asked for', () => {
  for (const { name, fields } of forms)
    for (const blank of ['', ' ', '\n\u00a0']) {
      const values = Object.fromEntries(fields.map((field) => [field.name, blank]))
      const needed = fields.flatMap((field) => (field.required ? [[field.name, 'Required.']] : []))
      assert.deepEqual(filled(fields, values), { input: {}, problems: Object.fromEntries(needed) }, name)
    }
})

test('an empty text is sent where it is a value and was asked for', () => {
  const fields = forms.find(({ name }) => name === 'send_message_to_contact')?.fields ?? []
  assert.deepEqual(filled(fields, { subject: null }).input, { subject: '' })
  assert.deepEqual(valuesOf(fields, { subject: '' }).values, { subject: null })
  const may = forms.flatMap(({ name, fields }) =>
    fields.filter((one) => one.mayBeEmpty).map((one) => `${name} ${one.name}`),
  )
  assert.deepEqual(may, ['send_message_to_contact subject'])
})

test('how a parameter is filled in follows from its schema, and what its id is of from its name', () => {
  const field = (action: string, name: string) =>
    forms.find((one) => one.name === action)?.fields.find((one) => one.name === name)
  const cases: [action: string, name: string, kind: Kind, ...idOf: IdOf[]][] = [
    ['reply_to_conversation', 'body', 'lines'],
    ['reply_to_conversation', 'reply_type', 'choice'],
    ['reply_to_conversation', 'attachment_urls', 'texts'],
    ['reply_to_conversation', 'admin_id', 'text', 'admin'],
    ['reply_to_conversation', 'intercom_user_id', 'text', 'contact'],
    ['send_message_to_contact', 'to_contact_id', 'text', 'contact'],
    ['send_message_to_contact', 'from_admin_id', 'text', 'admin'],
    ['search_contacts', 'per_page', 'whole'],
    ['search_contacts', 'count_only', 'boolean'],
    ['snooze_conversation', 'snoozed_until', 'time'],
    ['create_event', 'created_at', 'time'],
    ['upsert_contact', 'custom_attributes', 'object'],
    ['upsert_contact', 'external_id', 'text'],
    ['assign_conversation', 'assignee_id', 'text', 'admin', 'team'],
    ['add_contact_to_company', 'id', 'text', 'company'],
    ['create_ticket', 'ticket_type_id', 'text', 'ticket type'],
    ['get_conversation', 'parts_before', 'text'],
    ['update_subscription', 'subscription_id', 'text', 'subscription'],
  ]
  for (const [action, name, kind, ...idOf] of cases)
    assert.deepEqual(
      [field(action, name)?.kind, field(action, name)?.idOf],
      [kind, idOf],
      `${action} ${name}`,
    )
  const searched = [
    'created_at',
    'contact_ids',
    'admin_assignee_id',
    'team_assignee_id',
    'tag_ids',
    'email',
    'external_id',
  ]
  assert.deepEqual(searched.map(searchedKind), ['time', 'contact', 'admin', 'team', 'tag', null, null])
})

/** What comes of a text in a field of this schema: its value, or the problem's first words. */
function read(kind: Kind, text: string, schema: Schema = {}): unknown {
  const field: Field = { name: 'x', kind, schema, required: true, idOf: [], mayBeEmpty: false }
  const { input, problems } = filled([field], { x: text })
  return 'x' in input ? input['x'] : new Error(problems['x'])
}

test('what is typed is checked by the schema', () => {
  const good: [Kind, string, unknown, Schema?][] = [
    ['whole', ' 50 ', 50],
    ['whole', '-3', -3, { minimum: -3 }],
    ['boolean', 'false', false],
    ['choice', 'note', 'note', { enum: ['comment', 'note'] }],
    [
      'texts',
      'https://a.example/1.png\n\n https://a.example/2.png ',
      ['https://a.example/1.png', 'https://a.example/2.png'],
    ],
    ['texts', '["a\\nb"]', ['a\nb']],
    ['object', '{"seats": 12, "__proto__": {"a": 1}}', JSON.parse('{"seats": 12, "__proto__": {"a": 1}}')],
    ['object', '{"text": "\\"a\\": 1", "n": 0.5, "big": 1.5e3}', { text: '"a": 1', n: 0.5, big: 1500 }],
    ['object', '{"a": [{"b": 1}, {"b": 2}]}', { a: [{ b: 1 }, { b: 2 }] }],
    ['time', '2026-01-31T09:00:00Z', '2026-01-31T09:00:00Z'],
    ['time', '2026-01-31T09:00+01:00', '2026-01-31T09:00+01:00'],
    ['time', '1767225600', '1767225600'],
    ['text', ' as typed ', ' as typed '],
    ['text', 'null', 'null'],
    ['lines', 'a\nb', 'a\nb', { maxLength: 3 }],
  ]
  for (const [kind, text, value, schema] of good)
    assert.deepEqual(read(kind, text, schema), value, `${kind} ${text}`)
  const bad: [Kind, string, RegExp, Schema?][] = [
    ['whole', '5e1', /whole number/],
    ['whole', '1.5', /whole number/],
    ['whole', '9007199254740993', /too large/],
    ['whole', '0', /At least 1/, { minimum: 1 }],
    ['whole', '151', /At most 150/, { maximum: 150 }],
    ['boolean', 'yes', /Yes or no/],
    ['choice', 'Note', /One of comment, note/, { enum: ['comment', 'note'] }],
    ['texts', 'a\nb\nc', /At most 2; there are 3/, { maxItems: 2 }],
    ['texts', '[1]', /Text only/],
    ['object', '{"a":', /Not JSON yet/],
    ['object', '[1]', /JSON object/],
    ['object', 'null', /JSON object/],
    ['object', '{"id": 12345678901234567890}', /12345678901234567890 would be rounded/],
    ['object', '{"id": 9007199254740993}', /would be rounded/],
    ['object', '{"id": 1e400}', /would be rounded/],
    ['object', '{"a": 1, "a": 2}', /appears twice/],
    ['object', '{"a": {"b": {}}, "a": 2}', /appears twice/],
    ['time', '2026-01-31T09:00', /zone/],
    ['time', 'tomorrow', /zone/],
    ['time', '1767225600000', /Unix seconds/],
    ['text', 'abc', /At most 2 characters; it has 3/, { maxLength: 2 }],
    ['text', 'ada', /e-mail/, { format: 'email' }],
    ['text', 'a/b', /URL/, { format: 'uri' }],
    ['text', 'abc', /match/, { pattern: '^\\d+$' }],
  ]
  for (const [kind, text, problem, schema] of bad) {
    const found = read(kind, text, schema)
    assert.ok(found instanceof Error, `${kind} ${text} is taken for ${JSON.stringify(found)}`)
    assert.match(found.message, problem, `${kind} ${text}`)
  }
})

test('ids of every kind are found by the actions, all at once or by a text', async () => {
  const kinds = new Set(forms.flatMap(({ fields }) => fields.flatMap(({ idOf }) => idOf)))
  assert.ok(kinds.size > 9)
  for (const kind of kinds) {
    const found = async (text: string) => {
      const { action, input } = lookup(kind, text)
      const envelope = await intercom.run(action as string, input)
      assert.equal(envelope.error, null, `${kind} ${text}`)
      return choicesOf(kind, text, envelope, (html) => html)
    }
    const [first] = await found('')
    assert.ok(first, kind)
    assert.match(first.id, /^\w+$/, kind)
    const word = first.name.split(/[^\p{L}\p{N}]/u).find((one) => one.length > 3)
    if (word === undefined) continue
    assert.ok((await found(word)).length > 0, `${kind} ${word}`)
    assert.deepEqual(await found('qqzzxx'), [], kind)
  }
})

test('what is found is told as text: names without references, bodies without tags, all else as it is', () => {
  const told = (of: Parameters<typeof choicesOf>[0], row: object) => {
    const [found] = choicesOf(
      of,
      '',
      { error: null, result: { data: [{ id: '1', ...row }] } },
      () => 'a body',
    )
    return [found?.name, found?.detail]
  }
  assert.deepEqual(told('contact', { name: '&lt;b&gt; O&#39;Hara', email: 'b@x.de' }), [
    "<b> O'Hara",
    'b@x.de',
  ])
  assert.deepEqual(told('company', { name: 'Fish &amp; Chips' }), ['Fish & Chips', ''])
  assert.deepEqual(told('tag', { name: '&lt;b&gt; <i>' }), ['&lt;b&gt; <i>', ''])
  assert.deepEqual(told('ticket', { ticket_attributes: { _default_title_: '1 < 2 > 0' } }), ['1 < 2 > 0', ''])
  const author = { name: 'A &amp; B' }
  assert.deepEqual(told('conversation', { source: { subject: '<x>', body: '<p></p>', author } }), [
    '<x>',
    'A & B',
  ])
  assert.deepEqual(told('conversation', { source: { subject: '', body: '<p>…</p>', author } }), [
    'a body',
    'A & B',
  ])
})

test('what became of a call is told in words, and only what is open keeps its key', () => {
  const trace = { attempts: 1, waits: [], rate_limit: null, request_id: null, verified_by: null }
  const post = { attempt: 1, method: 'POST', path: '/', body: null, transmitted: true, status: 200, ms: 1 }
  const base: Explanation = {
    ...{ outcome: 'success', envelope: {}, compact: '', tokens: { envelope: 1, compact: 1 }, dry_run: false },
    ...{ replayed: false, approval: null, failure: null, trace, requests_left_out: 0 },
    requests: [{ ...post, planned: false }],
  }
  const failure = (code: string) => ({ code, field: null })
  const cases: [Partial<Explanation>, RegExp, isOpen: boolean, effect?: Action['effect']][] = [
    [{}, /^Done\.$/, false],
    [{}, /^Read\.$/, false, 'read'],
    [{ requests: [] }, /nothing to change/, false],
    [{ trace: { ...trace, verified_by: 'read_back' } }, /lost.*found in Intercom/, false],
    [{ replayed: true }, /Nothing was sent now/, false],
    [{ approval: { id: 'apr_1', decision: 'edit' } }, /another text/, false],
    [
      { dry_run: true, requests: [{ ...post, planned: true }] },
      /nothing was written\. This would be sent/,
      false,
    ],
    [{ dry_run: true, requests: [] }, /nothing would be written/, false],
    [{ outcome: 'not_sent', failure: failure('invalid_input') }, /^Nothing was sent\.$/, false],
    [{ outcome: 'not_sent', failure: failure('held') }, /a person has to approve/, true],
    [
      { outcome: 'unknown', failure: failure('approval_under_way') },
      /^Approved by a person\. Its outcome is not recorded yet/,
      true,
    ],
    [{ outcome: 'rejected', failure: failure('not_found') }, /no effect/, false],
    [{ outcome: 'rejected', failure: failure('not_found') }, /nothing was changed/, false, 'read'],
    [{ outcome: 'unknown', failure: failure('timeout') }, /may have taken effect/, true],
    [{ outcome: 'unknown', dry_run: true, failure: failure('timeout') }, /may have taken effect/, true],
    [{ outcome: 'unknown', failure: failure('idempotency_key_in_use') }, /may have taken effect/, true],
  ]
  for (const [came, says, open, effect = 'send'] of cases) {
    const explanation = { ...base, ...came }
    assert.match(outcomeOf(explanation, { effect }).says, says, JSON.stringify(came))
    assert.equal(isOpen(explanation), open, JSON.stringify(came))
  }
})
