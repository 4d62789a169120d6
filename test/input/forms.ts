import { inputSchema, type JsonSchema } from '../../src/core/describe.ts'
import { hostPlumbing } from '../../src/core/host-plumbing.ts'
import { actionOf } from '../support/bulk-rows.ts'
import { goodCalls } from '../support/good-calls.ts'

/** What has to come of an input: what comes of a plain one in code, or an error before anything is written. */
export type Like = { plain: object } | { refused: RegExp }

/** An input of an action as somebody sends it, as JSON text, and as texts where those can say it. */
export type Form = {
  kind: string
  action: string
  /** Which of `fullCalls`. */
  call?: number
  json: string
  texts: Record<string, string | string[]> | null
  like: Like
}

type Given = Record<string, unknown>

const contact_id = '0123456789abcdef01234567'

/** Parameters of the thirteen that `goodCalls` leave out. */
const others: [name: string, input: Given][] = [
  [
    'search_contacts',
    {
      query_field: 'name',
      query_operator: '~',
      query_value: 'ada',
      per_page: 5,
      starting_after: 'abc',
    },
  ],
  ['search_contacts', { query_value: 'ada@example.com', sort_field: 'name', sort_order: 'ascending' }],
  [
    'search_conversations',
    { query_value: '1', sort_field: 'created_at', sort_order: 'ascending', per_page: 5 },
  ],
  [
    'search_conversations',
    { query_field: 'state', query_operator: '=', query_value: 'open', count_only: true },
  ],
  ['search_conversations', { query_value: '1', starting_after: 'abc' }],
  [
    'upsert_contact',
    {
      email: 'known@example.com',
      role: 'user',
      phone: '+4915123456',
      name: 'Ada',
      avatar: 'https://example.com/a.png',
      unsubscribed_from_emails: true,
      custom_attributes: { plan: 'pro' },
    },
  ],
  ['upsert_contact', { email: 'known@example.com', clear: ['phone'], contact_id }],
  ['list_conversations', { per_page: 5, starting_after: 'abc' }],
  [
    'send_message_to_contact',
    {
      from_admin_id: '9',
      to_contact_id: contact_id,
      to_type: 'user',
      message_type: 'email',
      subject: 'S',
      body: 'Hello',
      template: 'plain',
    },
  ],
  [
    'reply_to_conversation',
    {
      conversation_id: '5',
      reply_type: 'admin',
      message_type: 'note',
      admin_id: '9',
      body: 'Hello',
      attachment_urls: ['https://example.com/a.png'],
    },
  ],
]

/** Good calls in which every parameter of every action stands, and which come to the same each time. */
export const fullCalls: readonly (readonly [name: string, input: Given])[] = [
  ...others,
  // A client remembers the contacts that it has created.
  ...goodCalls.filter(([name, { email }]) => name !== 'upsert_contact' || email === 'known@example.com'),
]

/** What each parameter of an action takes. */
export function schemasOf(name: string): [parameter: string, schema: JsonSchema, isRequired: boolean][] {
  const { properties, required = [] } = inputSchema(actionOf(name))
  return Object.entries(properties as Record<string, JsonSchema>).map(([parameter, schema]) => [
    parameter,
    schema,
    (required as string[]).includes(parameter),
  ])
}

/** The same value as hosts send it: words in capitals, digits as numbers, all else as text. */
function loosely(value: unknown, { enum: words }: JsonSchema): unknown {
  if (Array.isArray(words)) return ` ${String(value).toUpperCase()} `
  if (typeof value === 'string') return /^[1-9]\d{0,14}$/.test(value) ? Number(value) : value
  return typeof value === 'boolean' ? String(value).toUpperCase() : JSON.stringify(value)
}

function asTexts(given: Given): Record<string, string | string[]> {
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.map(String) : textOf(value),
    ]),
  )
}

function textOf(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

const plumbing = Object.fromEntries(Object.keys(hostPlumbing).map((name) => [name, 'x']))

/** Whole inputs as forms and hosts send them, of each call. */
export const forms: readonly Form[] = fullCalls.flatMap(([action, plain], call): Form[] => {
  const schemas = schemasOf(action)
  const own = new Set(schemas.map(([name]) => name))
  const absent = schemas.map(([name]) => name).filter((name) => !(name in plain))
  const filled = (value: unknown): Given => Object.fromEntries(absent.map((name) => [name, value]))
  const loose = Object.fromEntries(
    schemas.flatMap(([name, schema]) => (name in plain ? [[name, loosely(plain[name], schema)]] : [])),
  )
  const added = Object.fromEntries(Object.entries(plumbing).filter(([name]) => !own.has(name)))
  const required = schemas.flatMap(([name, , isRequired]) => (isRequired ? [name] : []))
  const blank = Object.fromEntries(required.map((name) => [name, ' \u200b']))
  const mayBeBlank = actionOf(action).host?.mayBeEmpty ?? []
  const form = (kind: string, given: Given, texts: Form['texts'], like: Like): Form => ({
    kind: `${action}: ${kind}`,
    action,
    call,
    json: JSON.stringify(given),
    texts,
    like,
  })
  const lists = schemas.flatMap(([name, { type }]) => (type === 'array' ? [name] : []))
  const looseTexts = Object.fromEntries(
    Object.entries({ ...filled(''), ...loose }).map(([name, value]) => [
      name,
      lists.includes(name) && name in plain ? (plain[name] as string[]) : textOf(value),
    ]),
  )
  return [
    form('values of every kind, the rest blank', { ...filled(''), ...loose }, looseTexts, { plain }),
    form('null for the rest, and what hosts add', { ...added, ...plain, ...filled(null) }, null, { plain }),
    form(
      'a name nobody knows',
      { ...plain, nickname: 'x' },
      { ...asTexts(plain), nickname: 'x' },
      {
        refused: /unknown (parameter|flag|column)|nickname/,
      },
    ),
    ...(required.filter((name) => !mayBeBlank.includes(name)).length === 0
      ? []
      : [
          form(
            'blanks for what is required',
            { ...plain, ...blank },
            { ...asTexts(plain), ...blank },
            {
              refused: /is required \((blank text|nothing but blanks) was given\)/,
            },
          ),
        ]),
  ]
})
