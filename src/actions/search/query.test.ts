import assert from 'node:assert/strict'
import { test } from 'node:test'
import { searchContacts } from '../search-contacts.ts'
import { searchConversations } from '../search-conversations.ts'
import { conversationSearch } from './fields.ts'

type Input = { query_field?: string; query_operator?: string; query_value: string; per_page?: number }

const contacts = (input: Input) => outcome(searchContacts.input.safeParse(input))
const conversations = (input: Input) => outcome(searchConversations.input.safeParse(input))

function outcome(result: ReturnType<typeof searchContacts.input.safeParse>) {
  if (result.success) return result.data.query
  const [issue] = result.error.issues
  return `${issue?.path.join('.')} ${issue?.message}`
}

const value = (query: unknown) => (query as { value?: unknown }).value

test('a value takes the type of its field', () => {
  const one = (query_field: string, query_value: string) => value(contacts({ query_field, query_value }))
  assert.equal(one('email', '007'), '007')
  assert.equal(one('owner_id', '42'), 42)
  assert.equal(one('created_at', '1700000000'), 1700000000)
  assert.equal(one('has_hard_bounced', 'true'), true)
  assert.equal(one('custom_attributes.vip', 'false'), false)
  assert.equal(one('custom_attributes.code', '007'), '007')
  const filters = '[{"field":"custom_attributes.n","operator":"=","value":9007199254740993}]'
  assert.match(
    String(contacts({ query_operator: 'AND', query_value: filters })),
    /takes a number this large as text only/,
  )
  assert.deepEqual(conversations({ query_field: 'open', query_operator: '=', query_value: 'false' }), {
    field: 'open',
    operator: '=',
    value: false,
  })
})

test('ISO dates are taken; a day is its first second where seconds count, its noon where whole days do', () => {
  const contact = (query_value: string) => value(contacts({ query_field: 'created_at', query_value }))
  const conversation = (query_value: string) =>
    value(conversations({ query_field: 'created_at', query_value }))
  const midnight = Date.UTC(2026, 0, 31) / 1000
  assert.equal(conversation('2026-01-31'), midnight)
  assert.equal(contact('2026-01-31'), midnight + 12 * 3600)
  for (const search of [contact, conversation]) {
    assert.equal(search('2026-01-31T09:30:00Z'), midnight + 9.5 * 3600)
    assert.equal(search('2026-01-31T09:30:00.999+02:00'), midnight + 7.5 * 3600)
  }
})

test('what is no time is refused, and milliseconds are named as such', () => {
  for (const query_value of [
    'yesterday',
    '2026-02-30',
    '2026-13-01',
    '31.01.2026',
    '2026-01-31T09:30',
    '',
    '1.5',
    'NaN',
  ]) {
    assert.match(
      String(contacts({ query_field: 'created_at', query_value })),
      /takes Unix seconds or an ISO date/,
      query_value,
    )
  }
  assert.match(String(contacts({ query_field: 'created_at', query_value: '20260131' })), /write 2026-01-31/)
  assert.match(
    String(contacts({ query_field: 'created_at', query_value: '1700000000123456' })),
    /microseconds, which would be 1700000000$/,
  )
  const text = contacts({ query_field: 'created_at', query_operator: '>', query_value: '1700000000123' })
  assert.equal(
    text,
    'query_value for created_at takes Unix seconds; 1700000000123 looks like milliseconds, which would be 1700000000',
  )
})

test('an operator that the field does not take is refused with those it takes', () => {
  assert.equal(
    contacts({ query_field: 'created_at', query_operator: '>=', query_value: '1' }),
    'query_operator ">=" does not fit: created_at takes = > <. Use ">"',
  )
  assert.match(
    String(contacts({ query_operator: '>', query_value: 'a' })),
    /email takes = != IN NIN ~ !~ \^ \$/,
  )
  assert.match(
    String(contacts({ query_field: 'tag_id', query_operator: 'IN', query_value: '1' })),
    /tag_id takes = !=/,
  )
  assert.match(
    String(conversations({ query_field: 'read', query_operator: '~', query_value: 'x' })),
    /read takes = != IN NIN/,
  )
  assert.match(
    String(conversations({ query_field: 'created_at', query_operator: '>=', query_value: '1' })),
    /takes = != IN NIN > </,
  )
})

test('a field that cannot be searched is refused, with the one probably meant', () => {
  assert.match(
    String(contacts({ query_field: 'emial', query_value: 'a' })),
    /^query_field "emial" cannot be searched; these can: id, role, .*, custom_attributes\.<name>\. Did you mean "email"\?$/,
  )
  const others = String(conversations({ query_field: 'zzzzzzzzzzzzzzzzzz', query_value: 'a' }))
  for (const field of Object.keys(conversationSearch.fields)) assert.ok(others.includes(` ${field}`), field)
  assert.ok(others.length < 1900, String(others.length))
  for (const query_field of ['__proto__', 'constructor', 'custom_attributes.', 'toString', '']) {
    assert.match(String(contacts({ query_field, query_value: 'a' })), /cannot be searched/, query_field)
  }
})

test('IN takes comma-separated text or a JSON array, each item in the type of the field', () => {
  const many = (query_field: string, query_value: string) =>
    value(contacts({ query_field, query_operator: 'IN', query_value }))
  assert.deepEqual(many('email', 'a@x.y, b@x.y'), ['a@x.y', 'b@x.y'])
  assert.deepEqual(many('name', '["Doe, Jane","[x]"]'), ['Doe, Jane', '[x]'])
  assert.deepEqual(many('owner_id', '1,2'), [1, 2])
  assert.deepEqual(many('owner_id', '[1,"2"]'), [1, 2])
  for (const query_value of ['', 'a,,b', '[]', '["a"', '[1]', '{"a":1}x,']) {
    const text = contacts({ query_field: 'email', query_operator: 'NIN', query_value })
    assert.match(String(text), /^query_value/, query_value)
  }
  const list = (items: number) => many('name', Array.from({ length: items }, () => 'a').join())
  assert.equal((list(10_000) as string[]).length, 10_000)
  for (const query_value of ['a,'.repeat(500_000), `[${'"a",'.repeat(10_000)}"a"]`]) {
    const text = contacts({ query_field: 'name', query_operator: 'IN', query_value })
    assert.match(String(text), /takes a list of 10000 items at most/)
  }
  assert.equal(value(contacts({ query_value: '[a]' })), '[a]')
  assert.match(String(contacts({ query_operator: 'in', query_value: 'a' })), /Did you mean "IN"\?/)
})

test('AND and OR take a JSON array of filters, each checked like a single one', () => {
  const group = (filters: unknown, operator = 'AND') =>
    contacts({
      query_operator: operator,
      query_value: typeof filters === 'string' ? filters : JSON.stringify(filters),
    })
  const role = { field: 'role', operator: '=', value: 'lead' }
  assert.deepEqual(
    group([
      role,
      {
        operator: 'OR',
        value: [
          { ...role, value: 'user' },
          { field: 'owner_id', operator: '=', value: '7' },
        ],
      },
    ]),
    {
      operator: 'AND',
      value: [
        role,
        {
          operator: 'OR',
          value: [
            { ...role, value: 'user' },
            { field: 'owner_id', operator: '=', value: 7 },
          ],
        },
      ],
    },
  )
  assert.deepEqual(group([{ field: 'phone', operator: '=', value: null }], 'OR'), {
    operator: 'OR',
    value: [{ field: 'phone', operator: '=', value: null }],
  })
  const refused: [unknown, RegExp][] = [
    ['not json', /takes the JSON array of filters/],
    [{ field: 'role' }, /takes the JSON array of filters/],
    [[], /empty AND group/],
    [Array(16).fill(role), /16 filters; 15 are allowed/],
    [[{ operator: 'OR', value: [{ operator: 'AND', value: [role] }] }], /deeper than 2 levels/],
    [[{ ...role, operator: '>' }], /contains a filter whose operator ">" does not fit: role takes/],
    [
      [{ ...role, field: 'rol' }],
      /contains a filter whose field "rol" cannot be searched; these can: .*Did you mean "role"/,
    ],
    [[{ field: 'created_at', operator: '>', value: 1700000000123 }], /looks like milliseconds/],
    [[{ field: 'email', operator: '=', value: 123 }], /whose value for email takes text/],
    [[{ ...role, extra: 1 }], /unknown key "extra"/],
    [[{ field: 'role', operator: '=' }], /without value/],
    [[{ operator: '=', value: 'x' }], /without field/],
    [[role, 'x'], /not an object/],
    [[{ field: 'phone', operator: '~', value: null }], /null by = and != only/],
    [[{ field: 'email', operator: '=', value: ['a'] }], /list with IN and NIN only/],
  ]
  for (const [filters, reason] of refused) assert.match(String(group(filters)), reason)
})

const operators: [field: string, operator: string, problem: RegExp][] = [
  ['state', '>', /">" does not fit: state takes = .*\. Use "="$/],
  ['state', '<', /Use "="$/],
  ['state', 'equals', /Did you mean "="\?$/],
  ['state', '==', /Did you mean "="\?$/],
  ['state', 'in', /Did you mean "IN"\?$/],
  ['state', 'not in', /Did you mean "NIN"\?$/],
  ['state', 'and', /Did you mean "AND"\?$/],
  ['source.author.name', 'contains', /Did you mean "~"\?$/],
  ['source.author.name', 'starts with', /Did you mean "\^"\?$/],
  ['created_at', '>=', /Use ">"$/],
  ['created_at', 'after', /Did you mean ">"\?$/],
  ['admin_assignee_id', '~', /Use "="$/],
  ['open', '!~', /Use "!="$/],
  ['open', 'zzz', /open takes = != IN NIN$/],
]
for (const [query_field, query_operator, problem] of operators) {
  test(`the operator ${query_operator} for ${query_field} is refused with the one to use`, () => {
    assert.match(String(conversations({ query_field, query_operator, query_value: '1' })), problem)
  })
}

test('the default operator of a conversation search does not fit a text: use =', () => {
  const text = conversations({ query_field: 'state', query_value: 'open' })
  assert.equal(text, 'query_operator ">" does not fit: state takes = != IN NIN ~ !~ ^ $. Use "="')
})

test('query_field does not go with AND and OR', () => {
  const query_value = '[{"field":"role","operator":"=","value":"lead"}]'
  assert.match(
    String(contacts({ query_field: 'name', query_operator: 'OR', query_value })),
    /^query_field does not go with OR/,
  )
})

test('per_page is clamped to 1..150 and nothing but a whole number is taken', () => {
  const size = (per_page: number) => {
    const parsed = searchContacts.input.safeParse({ query_value: 'a', per_page })
    return parsed.success ? parsed.data.part.request.per_page : undefined
  }
  assert.deepEqual([-5, 0, 1, 150, 151, 1e6].map(size), [1, 1, 1, 150, 150, 150])
  assert.deepEqual([1.5, Number.NaN, Number.POSITIVE_INFINITY].map(size), [undefined, undefined, undefined])
})

test('numbers, dates and lists as text may stand between blanks, and so may text', () => {
  const one = (query_field: string, query_value: string) =>
    value(conversations({ query_field, query_operator: '=', query_value }))
  assert.equal(one('admin_assignee_id', ' 42 '), 42)
  assert.equal(one('conversation_rating.score', '-1\n'), -1)
  assert.equal(one('created_at', ' 1700000000\t'), 1_700_000_000)
  assert.equal(one('created_at', ' 2026-01-31 '), Date.UTC(2026, 0, 31) / 1000)
  assert.equal(one('created_at', '\n2026-01-31T00:00:01Z '), Date.UTC(2026, 0, 31) / 1000 + 1)
  assert.equal(one('source.author.email', ' a@b.c\r\n'), 'a@b.c')
  assert.equal(one('source.author.name', '\u200b\u00a0Marta Maria\ufeff\n'), 'Marta Maria')
  const many = (query_field: string, query_value: string) =>
    value(conversations({ query_field, query_operator: 'IN', query_value }))
  assert.deepEqual(many('admin_assignee_id', ' 1 , 2 '), [1, 2])
  assert.deepEqual(many('state', ' ["open"] '), ['open'])
  assert.deepEqual(many('source.author.email', ' a@b.c , d@e.f'), ['a@b.c', 'd@e.f'])
  for (const query_value of ['4 2', '', ' ', '1.0', '0x2a', '1e3', '12345678901234567', '9007199254740993']) {
    const refused = conversations({ query_field: 'admin_assignee_id', query_operator: '=', query_value })
    assert.match(String(refused), /takes a teammate's id \(digits\); list_admins finds it$/, query_value)
  }
})

test('what looks like a date or like milliseconds is no second, before 1970 and in the last century too', () => {
  const refused = (query_value: string) => String(contacts({ query_field: 'created_at', query_value }))
  assert.match(refused('19991231'), /for a date write 1999-12-31$/)
  assert.match(refused('-1700000000123'), /looks like milliseconds/)
  assert.match(refused('100000000000'), /looks like milliseconds/)
  assert.equal(value(contacts({ query_field: 'created_at', query_value: '99999999999' })), 99_999_999_999)
  assert.equal(value(contacts({ query_field: 'created_at', query_value: '20261301' })), 20_261_301)
})

test('a part of a second belongs to the second it is in', () => {
  for (const query_value of ['2026-01-31T00:00:00.999Z', '2026-01-31T00:00:00.001Z']) {
    const found = value(conversations({ query_field: 'created_at', query_value }))
    assert.equal(found, Date.UTC(2026, 0, 31) / 1000)
  }
})

test('null goes with = and !=, and a group of fifteen is taken', () => {
  const filter = (operator: string) => ({ field: 'phone', operator, value: null })
  const group = (filters: object[]) =>
    contacts({ query_operator: 'AND', query_value: JSON.stringify(filters) })
  for (const operator of ['=', '!=']) {
    assert.deepEqual(group([filter(operator)]), { operator: 'AND', value: [filter(operator)] })
  }
  assert.equal((value(group(Array(15).fill(filter('=')))) as unknown[]).length, 15)
})
