import fc from 'fast-check'
import { catalogue } from '../../src/actions/toolsets.ts'
import { type ActionName, describe } from '../../src/index.ts'
import { anyText } from './any-text.ts'
import { goodCalls, plainCalls } from './good-calls.ts'
import { scriptedToken } from './scripted-intercom.ts'
import { toolsetCalls } from './toolset-calls.ts'

/** What gets past checks that look at the beginning, splits paths, or costs a careless program dearly. */
const hostile = fc.constantFrom(
  '..',
  '../admins',
  '%2e%2e/',
  'a/../../b',
  'last',
  'search',
  "' OR 1=1 --",
  '\u0000',
  '\r\nX: y',
  '\ud800',
  '__proto__',
  '{"$ne":1}',
  '[[[[[',
  '{"operator":"AND","value":[]}',
  scriptedToken,
  `Bearer ${scriptedToken}`,
  JSON.stringify({ [scriptedToken]: scriptedToken }),
  'a'.repeat(5000),
)

/** Values that some parameter takes, so that calls get past the checks and onto the wire. */
const plausible: Record<string, unknown[]> = {
  email: ['ada@example.com', 'ADA@example.com'],
  role: ['user', 'lead'],
  avatar: ['https://example.com/a.png', ''],
  unsubscribed_from_emails: [true, false],
  custom_attributes: [{ plan: 'pro' }, {}, { '../x': null }],
  query_field: ['email', 'created_at', 'state', 'custom_attributes.x', 'role'],
  query_operator: ['=', '!=', '>', 'IN', 'AND', 'OR', '~'],
  query_value: ['1', '2026-01-31', 'a,b', '[{"field":"id","operator":"=","value":"1"}]'],
  per_page: [-1, 1, 1000],
  sort_field: ['created_at', 'updated_at', undefined],
  sort_order: ['ascending', 'descending'],
  count_only: [true, false],
  clear: [['name'], undefined],
  to_type: ['user', 'lead'],
  message_type: ['in_app', 'inapp', 'email', 'comment', 'note'],
  template: ['plain', 'personal'],
  reply_type: ['user', 'admin'],
  attachment_urls: [['https://example.com/a.png'], []],
  assignee_type: ['admin', 'team'],
  snoozed_until: ['2099-02-01T09:00:00Z', '4070908800', '2001-01-01T00:00:00Z'],
  created_at: ['1760000000', '2026-02-01T09:00:00Z', 'now'],
  before: ['1760000000000', undefined],
  read: [true, false],
  open: [true, false],
  archived: [true, false],
  summary: [true, false],
  include_standard: [true, false],
  model: ['contact', 'company', 'conversation'],
  consent: ['opt_in', 'opt_out'],
  owner_id: ['9', 'Ann'],
  author_id: ['9', 'Ann'],
  collection_id: ['4', 'Help'],
  segment_id: ['31', undefined],
  page: [1, 2, 0],
  size: [1, -1, 2 ** 31],
  monthly_spend: [1, 1.5, 2 ** 31],
  metadata: [{ plan: 'pro' }, { a: { amount: 1, currency: 'eur' } }, { a: [] }],
  attributes: [{ severity: 'high' }, { _default_title_: 'x' }, {}],
  state: ['published', 'draft', 'all', 'resolved'],
}

const text = fc.oneof(anyText({ maxLength: 40 }), hostile, fc.constantFrom('1', 'user', 'admin', 'a@b.c'))
/** What JSON has no place for, and what throws when it is looked at: made when it is used, as fast-check looks too. */
const awkward: Record<string, () => unknown> = {
  '%bigint%': () => 10n,
  '%symbol%': () => Symbol('x'),
  '%circular%': circular,
  '%revoked%': revoked,
  '%hidden token%': () => ({ toJSON: () => scriptedToken, toString: null }),
  '%thrower%': thrower,
  '%date%': () => new Date(Number.NaN),
}
const anything = fc.oneof(text, fc.anything({ maxDepth: 3 }), fc.constantFrom(...Object.keys(awkward)))

function thrower(): unknown {
  const property = { get: () => raise(), enumerable: true }
  return Object.defineProperty({}, 'email', property)
}

function raise(): never {
  throw new Error(scriptedToken)
}

function circular(): unknown {
  const ring: unknown[] = []
  ring.push({ ring })
  return ring
}

function revoked(): unknown {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  return proxy
}

/** Mostly what a parameter takes, sometimes nothing, sometimes anything at all. */
const valueFor = (key: string) =>
  fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...(plausible[key] ?? ['1', 'abc', 'ä b/c?d#e'])) },
    { weight: 2, arbitrary: text },
    { weight: 2, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: anything },
  )

const described = catalogue.map(describe)

/** An action and what somebody might call it with. */
export const calls: fc.Arbitrary<[name: string, input: unknown]> = fc
  .constantFrom(...described)
  .chain(({ name, parameters }) => {
    const keys = Object.keys(parameters)
    const parameter = fc.record(Object.fromEntries(keys.map((key) => [key, valueFor(key)])))
    const others = fc.object({ maxDepth: 1 })
    const good = goodCalls.flatMap(([own, given]) => (own === name ? [given] : []))
    const near = fc
      .tuple(fc.constantFrom(...good), parameter, fc.subarray(keys))
      .map(([call, other, replaced]) => ({
        ...call,
        ...Object.fromEntries(replaced.map((key) => [key, other[key]])),
      }))
    const input = fc.oneof(
      { weight: 14, arbitrary: parameter },
      { weight: 6, arbitrary: near },
      { weight: 1, arbitrary: fc.tuple(parameter, others).map(([known, other]) => ({ ...known, ...other })) },
      { weight: 1, arbitrary: anything },
    )
    return fc.tuple(fc.constant(name), input)
  })
/** An input with what stands for awkward values replaced by them. */
export function spelledOut(input: unknown): unknown {
  if (typeof input === 'string' && Object.hasOwn(awkward, input)) return awkward[input]?.()
  if (typeof input !== 'object' || input === null || Object.getPrototypeOf(input) !== Object.prototype)
    return input
  const entries = Object.entries(input).map(([key, value]) => {
    const stands = typeof value === 'string' && Object.hasOwn(awkward, value)
    return [key, stands ? awkward[value]?.() : value]
  })
  return Object.fromEntries(entries)
}

/** What makes a careless regular expression or loop read a text again for each of its characters. */
export const longPatterns: Record<string, string> = {
  letters: 'a',
  capitals: 'A',
  digits: '9',
  tags: '<a',
  'closed tags': '<b>',
  comments: '<!--',
  scripts: '<script>',
  ampersands: '&',
  entities: '&#x41;',
  brackets: '[[',
  objects: '{"a":',
  filters: '{"operator":"AND","value":[',
  at: '@',
  addresses: 'a@',
  dots: '. ',
  spaces: ' \t',
  commas: ',',
  numbers: '1,',
  quotes: '"',
  backslashes: '\\',
  slashes: '/',
  percents: '%2e',
  'combining marks': '\u0301\u0316',
  surrogates: '😀',
  controls: '\u0000',
  token: scriptedToken,
}

/** A text parameter of an action, to be filled with a text of one's own. */
type TextParameter = [name: ActionName, parameter: string, call: (text: string) => object]

function textParametersOf(calls: typeof plainCalls): TextParameter[] {
  return calls.flatMap(([name, input]) => {
    const parameters = described.find((one) => one.name === name)?.parameters ?? {}
    const texts = Object.entries(parameters).filter(([, { type }]) => type === 'string')
    return texts.map(([key]): [ActionName, string, (text: string) => object] => [
      name,
      key,
      (text) => ({ ...input, ...beside[key], [key]: prefixes[key] ? prefixes[key] + text : text }),
    ])
  })
}

/** What a parameter needs beside it for its value to be looked at at all. */
const beside: Record<string, object> = {
  query_field: { query_operator: '=' },
  query_value: { query_field: 'custom_attributes.x', query_operator: 'IN' },
}
const prefixes: Record<string, string> = { avatar: 'https://', email: 'a@' }

/** Every text parameter of every good call of the thirteen, then of the toolsets. */
export const [textParameters = [], toolsetTextParameters = []] = [plainCalls, toolsetCalls].map(
  textParametersOf,
)
