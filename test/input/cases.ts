import { hostPlumbing } from '../../src/core/host-plumbing.ts'

/** What has to come of an input: the request that reaches Intercom, or an error that says why none does. */
export type Expected = { sent: string } | { refused: RegExp }

/** A kind of input. `json`: as text where JavaScript could not hold it. `texts`: `null` where texts cannot say it. */
export type Case = {
  kind: string
  action: string
  json: string
  texts: Record<string, string | string[]> | null
  expected: Expected
  /** What edges expect that read yes and no; else the same. */
  spreadsheet?: Expected
  /** Whether the input is no object of parameters. */
  whole?: true
}

type Given = Record<string, unknown>

/** The same input as texts: JSON where a parameter takes an object, several texts for a list. */
function textsOf(given: Given): Case['texts'] {
  const texts: Record<string, string | string[]> = {}
  for (const [name, value] of Object.entries(given)) {
    if (value === null) return null
    if (Array.isArray(value) && value.every((item) => typeof item === 'string')) texts[name] = value
    else texts[name] = typeof value === 'object' ? JSON.stringify(value) : String(value)
  }
  return texts
}

function one(kind: string, action: string, given: Given, expected: Expected, more: Partial<Case> = {}): Case {
  return { kind, action, json: JSON.stringify(given), texts: textsOf(given), expected, ...more }
}

const sent = (request: string, body?: object): Expected => ({
  sent: body === undefined ? request : `${request} ${JSON.stringify(body)}`,
})
const refused = (words: RegExp): Expected => ({ refused: words })

const email = 'ada@example.com'
const contact = '6762f0dd1bb69f9f2193bb83'
const upserted = (fields: Given = {}) => sent(`PUT /contacts/${contact}`, { email, ...fields })
const upsert = (kind: string, given: Given, expected = upserted(), more: Partial<Case> = {}) =>
  one(kind, 'upsert_contact', { email, ...given }, expected, more)
/** For JSON alone: the texts of it would mean something else. */
const jsonOnly = { texts: null }

const reply = { conversation_id: '7', reply_type: 'admin', admin_id: '9', body: 'Hi' }
const replied = (fields: Given = {}) =>
  sent('POST /conversations/7/reply', {
    message_type: 'comment',
    type: 'admin',
    admin_id: '9',
    body: 'Hi',
    ...fields,
  })
const replying = (kind: string, given: Given, expected = replied(), more: Partial<Case> = {}) =>
  one(kind, 'reply_to_conversation', { ...reply, ...given }, expected, more)

const messaged = ({ subject }: { subject: string }) =>
  sent('POST /messages', {
    message_type: 'inapp',
    subject,
    body: 'Hi',
    template: 'personal',
    from: { type: 'admin', id: 9 },
    to: { type: 'user', id: contact },
  })

const listed = (perPage: number) => sent(`GET /conversations?per_page=${perPage}`)
const listing = (kind: string, given: Given, expected = listed(20), more: Partial<Case> = {}) =>
  one(kind, 'list_conversations', given, expected, more)

const got = sent(`GET /contacts/${contact}`)
const getting = (kind: string, given: Given, expected: Expected = got, more: Partial<Case> = {}) =>
  one(kind, 'get_contact', given, expected, more)

const searched = (
  what: 'contacts' | 'conversations',
  field: string,
  operator: string,
  value: unknown,
  per_page: number,
) => sent(`POST /${what}/search`, { query: { field, operator, value }, pagination: { per_page } })

const blanks: [name: string, text: string][] = [
  ['empty text', ''],
  ['blanks', ' \t'],
  ['a no-break space', '\u00a0'],
  ['an ideographic space', '\u3000'],
  ['a zero-width space', '\u200b'],
  ['a byte order mark', '\ufeff'],
  ['a blank of Braille', '\u2800'],
]

const optional = [
  'role',
  'external_id',
  'phone',
  'name',
  'avatar',
  'unsubscribed_from_emails',
  'custom_attributes',
]
const all = (value: unknown): Given => Object.fromEntries(optional.map((name) => [name, value]))

const nothing: Case[] = [
  upsert('null for every optional parameter', all(null)),
  ...blanks.map(([name, text]) => upsert(`${name} for every optional parameter`, all(text))),
  upsert(
    'null and blanks in an object',
    {
      custom_attributes: { plan: '', seats: 12, since: null, note: '\u200b', vip: false },
    },
    upserted({ custom_attributes: { seats: 12, vip: false } }),
  ),
  upsert('an object of nothing but blanks', { custom_attributes: { plan: '', since: null } }),
  upsert('blanks deep in an object', { custom_attributes: { a: { b: ' ' } } }),
  replying(
    'blanks in a list',
    { attachment_urls: ['', 'https://x.example/a.png', ' '] },
    replied({ attachment_urls: ['https://x.example/a.png'] }),
  ),
  replying('a list of nothing but blanks', { attachment_urls: ['', '\u200b'] }),
  replying(
    'null in a list',
    { attachment_urls: [null, 'https://x.example/a.png'] },
    replied({ attachment_urls: ['https://x.example/a.png'] }),
  ),
  replying('blanks for the other side of a reply', {
    intercom_user_id: '',
    message_type: '',
    attachment_urls: '',
  }),
  replying('null for the other side of a reply', {
    intercom_user_id: null,
    message_type: null,
    attachment_urls: null,
  }),
  listing('null where there is a default', { per_page: null, starting_after: null }),
  listing('empty text where there is a default', { per_page: '', starting_after: ' ' }),
  one(
    'empty text where there are defaults',
    'search_contacts',
    { query_field: '', query_operator: ' ', query_value: email, per_page: '', starting_after: '' },
    searched('contacts', 'email', '=', email, 50),
  ),
  getting(
    'null for what is required',
    { contact_id: null },
    refused(/contact_id is required \(null was given\)/),
  ),
  ...blanks.map(([name, text]) =>
    getting(
      `${name} for what is required`,
      { contact_id: text },
      refused(/contact.id is required \(blank text was given\)/),
    ),
  ),
  replying(
    'blanks for a body',
    { body: '\u00a0\u200b' },
    refused(/body is required \(blank text was given\)/),
  ),
  upsert('empty text for an e-mail', { email: '' }, refused(/email is required \(blank text was given\)/)),
  one(
    'empty text for a value to search',
    'search_contacts',
    { query_value: '' },
    refused(/query.value is required \(blank text was given\)/),
  ),
  one(
    'null for a word that is required',
    'reply_to_conversation',
    { ...reply, reply_type: null },
    refused(/reply_type is required \(null was given\)/),
  ),
  one(
    'the one text that may be empty',
    'send_message_to_contact',
    { from_admin_id: '9', to_contact_id: contact, subject: '', body: 'Hi' },
    messaged({ subject: '' }),
  ),
]

const scalars: Case[] = [
  one(
    'a number for an id',
    'get_conversation',
    { conversation_id: 215474207000299 },
    sent('GET /conversations/215474207000299'),
  ),
  one(
    'the largest exact number for an id',
    'get_conversation',
    { conversation_id: 9007199254740991 },
    sent('GET /conversations/9007199254740991'),
  ),
  replying('numbers for two ids', { conversation_id: 7, admin_id: 9 }),
  upsert(
    'a number for a text',
    { phone: 4915123456, external_id: 0 },
    upserted({ external_id: '0', phone: '4915123456' }),
  ),
  getting(
    'a fraction for an id',
    { contact_id: 1.5 },
    refused(/contact_id must be a string, not this number/),
    jsonOnly,
  ),
  getting('a boolean for an id', { contact_id: true }, refused(/contact_id must be a string/), jsonOnly),
  getting(
    'a list for an id',
    { contact_id: [contact] },
    refused(/contact_id must be a string, not an array/),
    jsonOnly,
  ),
  getting(
    'an object for an id',
    { contact_id: { id: contact } },
    refused(/contact_id must be a string/),
    jsonOnly,
  ),
  upsert('a boolean for a text', { name: true }, refused(/name must be a string, not a boolean/), jsonOnly),
  ...['50', ' 50 ', '+50', '50.0', '\u00a050'].map((text) =>
    listing(`${JSON.stringify(text)} for a whole number`, { per_page: text }, listed(50)),
  ),
  listing('a whole number written with a fraction', {}, listed(50), {
    json: '{"per_page":50.0}',
    texts: { per_page: '50.0' },
  }),
  ...['5e1', '0x32', '50.5', '5 0', 'many', 'true'].map((text) =>
    listing(`${text} for a whole number`, { per_page: text }, refused(/per.page must be a whole number/)),
  ),
  listing('a fraction for a whole number', { per_page: 50.5 }, refused(/per.page must be a whole number/)),
  listing('a boolean for a whole number', { per_page: true }, refused(/per_page must be a number/), jsonOnly),
  ...(['true', 'TRUE', ' True '] as const).map((text) =>
    upsert(
      `${JSON.stringify(text)} for a boolean`,
      { unsubscribed_from_emails: text },
      upserted({ unsubscribed_from_emails: true }),
    ),
  ),
  upsert(
    '"False" for a boolean',
    { unsubscribed_from_emails: 'False' },
    upserted({ unsubscribed_from_emails: false }),
  ),
  ...(
    [
      ['yes', true],
      ['No', false],
    ] as const
  ).map(([text, value]) =>
    upsert(
      `${text} for a boolean`,
      { unsubscribed_from_emails: text },
      refused(/unsubscribed.from.emails must be true or false/),
      { spreadsheet: upserted({ unsubscribed_from_emails: value }) },
    ),
  ),
  upsert(
    'a number for a boolean',
    { unsubscribed_from_emails: 1 },
    refused(/unsubscribed.from.emails must be (true or false|a boolean)/),
  ),
  upsert('a word in another case', { role: ' LEAD ' }, upserted({ role: 'lead' })),
  replying(
    'words in another case',
    { reply_type: 'Admin', message_type: 'NOTE' },
    replied({ message_type: 'note' }),
  ),
  one(
    'a word with a hyphen',
    'send_message_to_contact',
    { from_admin_id: 9, to_contact_id: contact, subject: 'Hello', body: 'Hi', message_type: 'In-App' },
    messaged({ subject: 'Hello' }),
  ),
  upsert('another word', { role: 'leads' }, refused(/role must be "user" or "lead"/)),
]

const url = 'https://x.example/a.png'
const nested: Case[] = [
  replying('one text for a list', { attachment_urls: url }, replied({ attachment_urls: [url] })),
  replying(
    'JSON text for a list',
    { attachment_urls: JSON.stringify([url, url]) },
    replied({ attachment_urls: [url, url] }),
  ),
  replying(
    'a number for a list',
    { attachment_urls: 7 },
    refused(/attachment_urls must be an array/),
    jsonOnly,
  ),
  ...[
    'undefined',
    '[object Object]',
    '{{ 1.name }}',
    '={{ $json.name }}',
    `$${'{name}'}`,
    '<%= name %>',
  ].flatMap((value) => [
    ...['name', 'external_id', 'phone'].map((name) =>
      upsert(
        `${value} for ${name}`,
        { [name]: value },
        refused(/which a program writes for a missing value/),
      ),
    ),
    upsert(
      `${value} for a custom attribute`,
      { custom_attributes: { seats: 12, plan: value } },
      refused(/custom_attributes\.plan is ".*", which a program writes/),
    ),
  ]),
  ...['null', 'NULL', 'NaN', 'None', 'n/a'].flatMap((value) => [
    upsert(
      `${value} for an external id`,
      { external_id: value },
      refused(/external_id is ".*", which a program writes/),
    ),
    upsert(`${value} for a phone`, { phone: value }, refused(/phone is ".*", which a program writes/)),
    upsert(
      `${value} for a name and an attribute`,
      { name: value, custom_attributes: { plan: value } },
      upserted({ name: value, custom_attributes: { plan: value } }),
    ),
  ]),
  ...['-', 'none given', '+'].map((phone) =>
    upsert(`${phone} for a phone`, { phone }, refused(/phone has no digit; leave it out/)),
  ),
  upsert(
    'an address of a phone',
    { phone: 'tel:+49151' },
    refused(/phone is not a phone number as it stands; write \+49151/),
  ),
  ...['+49 (151) 234-56', '030/123', '1-800-FLOWERS', '+1.555.123 x12', '٠١٢'].map((phone) =>
    upsert(`${phone} for a phone`, { phone }, upserted({ phone })),
  ),
  ...['<p></p>', '<p><br></p>', '&nbsp;'].map((body) =>
    replying(`${body} for a body`, { body }, refused(/body shows nothing/)),
  ),
  ...['null', 'true', '{"a":1}', 'Hi <3', 'a < b'].map((body) =>
    replying(`${body} for a body`, { body }, replied({ body })),
  ),
  upsert('one name to clear', { clear: 'name' }, upserted({ name: null })),
  upsert(
    'names to clear as JSON text, beside blanks',
    { clear: '["phone"]', phone: '' },
    upserted({ phone: null }),
  ),
  upsert(
    'every field to clear, beside what a form leaves empty',
    {
      ...all(''),
      clear: ['name', 'phone', 'avatar', 'external_id', 'custom_attributes.plan', 'custom_attributes.a b'],
    },
    upserted({
      name: null,
      phone: null,
      avatar: null,
      external_id: '',
      custom_attributes: { plan: null, 'a b': null },
    }),
  ),
  upsert(
    'a field to clear that has a value',
    { clear: ['phone'], phone: '+1' },
    refused(/clear names "phone", which is also given a value/),
  ),
  upsert(
    'an unknown name to clear',
    { clear: ['phone', 'plan'] },
    refused(/not "plan"\. Did you mean "custom_attributes\.plan"\?/),
  ),
  upsert('names to clear in one text', { clear: 'name,phone' }, refused(/each by itself in the list/)),
  upsert('blanks to clear', { clear: ['', ' '] }),
  upsert('an empty list for an object, and the other way round', { custom_attributes: [], clear: {} }),
  upsert('"null" as JSON text', {
    custom_attributes: 'null',
    clear: 'null',
    unsubscribed_from_emails: 'null',
  }),
  upsert('"null" as a text', { name: 'null' }, upserted({ name: 'null' })),
  upsert(
    'JSON text for an object',
    { custom_attributes: '{"plan":"pro","seats":5}' },
    upserted({ custom_attributes: { plan: 'pro', seats: 5 } }),
  ),
  upsert(
    'broken JSON text for an object',
    { custom_attributes: '{plan:pro}' },
    refused(/must be an object|is not valid JSON/),
  ),
  upsert(
    'a list for an object',
    { custom_attributes: '["pro"]' },
    refused(/custom.attributes must be an object/),
  ),
]

const rounded = /would be rounded; send it as text/
const big = '1234567890123456789'
const exact: Case[] = [
  one('a number beyond 2^53 in an object', 'upsert_contact', {}, refused(rounded), {
    json: `{"email":"${email}","custom_attributes":{"ext":${big}}}`,
    texts: { email, custom_attributes: `{"ext":${big}}` },
  }),
  one('a number beyond 2^53 deep in an object', 'upsert_contact', {}, refused(rounded), {
    json: `{"email":"${email}","custom_attributes":{"a":{"b":[-${big}]}}}`,
    texts: { email, custom_attributes: `{"a":{"b":[-${big}]}}` },
  }),
  one('a number beyond 2^53 in JSON text', 'upsert_contact', {}, refused(rounded), {
    json: JSON.stringify({ email, custom_attributes: `{"ext":${big}}` }),
    texts: { email, custom_attributes: `{"ext":${big}}` },
  }),
  one('a number beyond 2^53 for an id', 'get_conversation', {}, refused(rounded), {
    json: `{"conversation_id":${big}}`,
    texts: null,
  }),
  one('a number beyond 2^53 for a value to search', 'search_contacts', {}, refused(rounded), {
    json: `{"query_field":"external_id","query_value":${big}}`,
    texts: null,
  }),
  one(
    'digits beyond 2^53 as text',
    'get_conversation',
    { conversation_id: big },
    sent(`GET /conversations/${big}`),
  ),
  listing(
    'digits beyond 2^53 for a whole number',
    { per_page: '9007199254740993' },
    refused(/per.page must be a whole number/),
  ),
]

const contacts = (given: Given, expected: Expected, kind: string, more: Partial<Case> = {}) =>
  one(kind, 'search_contacts', given, expected, more)
const conversations = (given: Given, expected: Expected, kind: string, more: Partial<Case> = {}) =>
  one(kind, 'search_conversations', given, expected, more)

const searches: Case[] = [
  contacts(
    { query_field: 'external_id', query_value: 4711 },
    searched('contacts', 'external_id', '=', '4711', 50),
    'a number for a value',
  ),
  contacts(
    { query_field: 'custom_attributes.score', query_value: 4.5 },
    searched('contacts', 'custom_attributes.score', '=', '4.5', 50),
    'a fraction for a value',
  ),
  conversations(
    { query_field: 'open', query_operator: '=', query_value: true },
    searched('conversations', 'open', '=', true, 20),
    'a boolean for a value',
  ),
  conversations(
    { query_field: 'created_at', query_value: 1760000000 },
    searched('conversations', 'created_at', '>', 1760000000, 20),
    'a number for a date',
  ),
  contacts(
    { query_field: 'role', query_operator: 'IN', query_value: ['user', 'lead'] },
    searched('contacts', 'role', 'IN', ['user', 'lead'], 50),
    'a list for IN',
    { texts: { query_field: 'role', query_operator: 'IN', query_value: '["user","lead"]' } },
  ),
  contacts(
    { query_field: 'role', query_operator: ' nin\u200b', query_value: ['lead'] },
    searched('contacts', 'role', 'NIN', ['lead'], 50),
    'a list for an operator in another case',
    { texts: { query_field: 'role', query_operator: ' nin\u200b', query_value: '["lead"]' } },
  ),
  ...(['AND', 'or'] as const).map((query_operator) =>
    one(
      `one filter without its list, ${query_operator}`,
      'search_contacts',
      { query_operator, query_value: { field: 'external_id', operator: '=', value: 7 } },
      sent('POST /contacts/search', {
        query: {
          operator: query_operator.toUpperCase(),
          value: [{ field: 'external_id', operator: '=', value: '7' }],
        },
        pagination: { per_page: 50 },
      }),
    ),
  ),
  contacts(
    { query_operator: 'and', query_value: [{ field: 'phone', operator: '=', value: null }] },
    sent('POST /contacts/search', {
      query: { operator: 'AND', value: [{ field: 'phone', operator: '=', value: null }] },
      pagination: { per_page: 50 },
    }),
    'a list of filters, of which one asks for null',
    { texts: { query_operator: 'and', query_value: '[{"field":"phone","operator":"=","value":null}]' } },
  ),
  contacts(
    { query_value: [email] },
    refused(/query_value takes a list with query_operator IN, NIN, AND or OR only/),
    'a list for another operator',
    jsonOnly,
  ),
  contacts(
    { query_value: { email } },
    refused(/query_value for email is a whole query/),
    'an object for a value',
    jsonOnly,
  ),
]

const names: Case[] = [
  getting(
    'what hosts add',
    {
      contact_id: contact,
      ...Object.fromEntries(Object.keys(hostPlumbing).map((name) => [name, { id: 'x' }])),
    },
    got,
    jsonOnly,
  ),
  ...['input', 'arguments', 'params', 'kwargs'].map((name) =>
    getting(
      `an input within ${name}`,
      { [name]: { contact_id: contact } },
      refused(
        /contact_id is required\. Give the parameters themselves, without "\w+" around them\. It takes/,
      ),
      jsonOnly,
    ),
  ),
  getting(
    'a name nobody knows',
    { contact_id: contact, nickname: 'x' },
    refused(/unknown parameter "nickname"\. It takes contact_id/),
    jsonOnly,
  ),
  upsert(
    'a name of an older version',
    { user_id: '1' },
    refused(/unknown (parameter|flag) ["-]+user.id"?\. Did you mean ["-]+external.id"/),
  ),
  upsert(
    'a name of an older version beside ours',
    { user_id: '1', external_id: '2' },
    refused(/unknown (parameter|flag) ["-]+user.id"?\. Did you mean ["-]+external.id"/),
  ),
  upsert('a name of another system', { first_name: 'Ada' }, refused(/Did you mean ["-]+name"\?/)),
  upsert(
    'an attribute among the parameters',
    { plan: 'pro' },
    refused(/Did you mean ["-]+custom.attributes\.plan"\?/),
  ),
  contacts(
    { query_value: email, query: email },
    refused(/Did you mean ["-]+query.value"\?/),
    'query for query_value',
  ),
  replying('message for body', { message: 'Hi' }, refused(/Did you mean ["-]+body"\?/)),
  conversations(
    { query_field: 'contact_id', query_operator: '=', query_value: contact },
    refused(/"contact_id" cannot be searched; .* Did you mean "contact_ids"\?/),
    'an older name of a field',
  ),
  conversations(
    { query_field: 'status', query_operator: '=', query_value: 'open' },
    refused(/Did you mean "state"\?/),
    'another name of a field',
  ),
]

function whole(kind: string, action: string, json: string, expected: Expected): Case {
  return { kind, action, json, texts: null, expected, whole: true }
}

const wholes: Case[] = [
  whole('null for an input of no parameters', 'list_tags', 'null', sent('GET /tags')),
  whole('blank text for an input of no parameters', 'list_tags', '" "', sent('GET /tags')),
  whole('null for an input', 'get_contact', 'null', refused(/contact_id is required/)),
  whole(
    'JSON text for an input',
    'get_contact',
    JSON.stringify(JSON.stringify({ contact_id: contact })),
    got,
  ),
  whole('an empty list for an input of no parameters', 'list_tags', '[]', sent('GET /tags')),
  whole('a list for an input', 'get_contact', '["x"]', refused(/the input must be an object, not an array/)),
  whole('a number for an input', 'get_contact', '7', refused(/the input must be an object, not a number/)),
  whole('a text for an input', 'get_contact', '"x"', refused(/the input must be an object, not a string/)),
]

export const cases: readonly Case[] = [
  ...nothing,
  ...scalars,
  ...nested,
  ...exact,
  ...searches,
  ...names,
  ...wholes,
]
