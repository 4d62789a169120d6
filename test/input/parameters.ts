import { actionOf } from '../support/bulk-rows.ts'
import { type Form, fullCalls, type Like, schemasOf } from './forms.ts'

type Given = Record<string, unknown>
type Value = [kind: string, value: unknown, like: Like]

/** Nothing, and in turn one of these. */
const blanks = [' \t', '\u00a0', '\u200b', '\ufeff']
/** Texts of people's own, and cursors: any words. */
const ownWords = new Set(['body', 'subject', 'starting_after'])
const big = '12345678901234567890'

/** Every parameter of every action in every way that the rules of docs/input.md know, in a call that is good else. */
export function parameterForms(names: readonly string[]): Form[] {
  return names.flatMap((action, of) => [
    ...schemasOf(action).flatMap(([parameter, schema, isRequired], at) => {
      const plain = fullCalls.find(([name, input]) => name === action && parameter in input)?.[1]
      if (plain === undefined) throw new Error(`no good call of ${action} has ${parameter}`)
      const { [parameter]: value, ...without } = plain
      const set = (own: unknown): Like => ({ plain: { ...plain, [parameter]: own } })
      const nothing: Like = isRequired
        ? { refused: new RegExp(`${parameter} is required \\(`) }
        : { plain: without }
      const { read = {}, mayBeEmpty = [] } = actionOf(action).host ?? {}
      const values: Value[] = [
        ['null', null, nothing],
        ...(mayBeEmpty.includes(parameter)
          ? []
          : ['', blanks[(of + at) % blanks.length]].map(
              (text): Value => [`blanks ${JSON.stringify(text)}`, text, nothing],
            )),
        ...(parameter in read ? [] : kindsOf(parameter, schema, value, set, nothing)),
      ]
      return values.map(([kind, own, like]) =>
        formOf(action, `${kind} for ${parameter}`, { ...plain, [parameter]: own }, like),
      )
    }),
    ...nameForms(action),
  ])
}

function formOf(action: string, kind: string, given: Given, like: Like): Form {
  // A number that JavaScript cannot hold stands for itself.
  const json = JSON.stringify(given).replaceAll(`"${big}n"`, big)
  return { kind: `${action}: ${kind}`, action, json, texts: null, like }
}

function kindsOf(
  parameter: string,
  { type, enum: words }: Record<string, unknown>,
  value: unknown,
  set: (own: unknown) => Like,
  nothing: Like,
): Value[] {
  const wrong = (own: unknown): Value => [JSON.stringify(own), own, { refused: new RegExp(parameter) }]
  const rounded: Value = ['a rounded number', `${big}n`, { refused: /would be rounded/ }]
  switch (type) {
    case 'string': {
      if (Array.isArray(words))
        return [
          ...words.flatMap((word: string): Value[] => [
            ['a word in capitals', ` ${word.toUpperCase()} `, set(word)],
            ['a word with hyphens', word.replaceAll('_', '-'), set(word)],
          ]),
          wrong('no such word'),
          wrong(true),
        ]
      const digits = /^[1-9]\d{0,14}$/.test(String(value))
      return [
        ...(digits ? [['a number', Number(value), set(value)] as Value] : []),
        ...(/(^|_)(id|email|phone|before|after)$/.test(parameter)
          ? [['blanks around', ` ${value}\r\n`, set(value)] as Value]
          : []),
        ...(ownWords.has(parameter) ? [] : ['{{ x }}', '[object Object]', 'undefined'].map(wrong)),
        rounded,
        wrong(1.5),
        wrong(true),
        wrong([value]),
        wrong({ id: value }),
      ]
    }
    case 'integer':
      return [
        ...[`${value}`, ` +${value} `, `${value}.0`].map((text): Value => [text, text, set(value)]),
        ['the word null', 'null', nothing],
        rounded,
        ...['many', '1.5', '1e1', 1.5, true, [1]].map(wrong),
      ]
    case 'boolean':
      return [
        ['true in capitals', ' TRUE ', set(true)],
        ['false', 'False', set(false)],
        ['the word null', 'null', nothing],
        ...['yes', 'on', 1, 0, [true]].map(wrong),
      ]
    case 'array': {
      const list = value as unknown[]
      return [
        ['JSON text', JSON.stringify(list), set(list)],
        ['one alone', list[0], set([list[0]])],
        ['blanks among the items', [null, ...list, ' '], set(list)],
        ['nothing but blanks', ['', '\u200b'], nothing],
        ['an empty object', {}, nothing],
        ['the word null', 'null', nothing],
        wrong(7),
      ]
    }
    case 'object': {
      const fields = value as object
      const [name = 'x'] = Object.keys(fields)
      return [
        ['JSON text', JSON.stringify(fields), set(fields)],
        ['blanks and nulls in it', { ...fields, a: null, b: '', c: { d: ' ' } }, set(fields)],
        ['nothing but blanks', { a: null, b: '\u200b' }, nothing],
        ['an empty list', [], nothing],
        ['the word null', 'null', nothing],
        ['a rounded number', { ...fields, [name]: `${big}n` }, { refused: /would be rounded/ }],
        ...['plan=pro', '["pro"]', 7, ['pro']].map(wrong),
      ]
    }
    default:
      throw new Error(`${parameter} is of no known type`)
  }
}

/** Names that are none of the action's. */
function nameForms(action: string): Form[] {
  const plain = fullCalls.find(([name]) => name === action)?.[1] ?? {}
  const { otherNames = {} } = actionOf(action)
  const own = schemasOf(action)
  const isOwn = (name: string) => own.some(([parameter]) => parameter === name)
  const needs = own.some(([, , isRequired]) => isRequired)
  return [
    ...Object.entries(otherNames)
      .filter(([name]) => !isOwn(name))
      .map(([name, meant]) =>
        formOf(
          action,
          `${name} for ${meant}`,
          { ...plain, [name]: 'x' },
          {
            refused: new RegExp(
              `unknown parameter "${name}"\\. Did you mean "${meant.replaceAll('.', '\\.')}"`,
            ),
          },
        ),
      ),
    ...['input', 'arguments'].map((name) =>
      formOf(
        action,
        `its input within ${name}`,
        { [name]: plain },
        {
          refused: needs ? /without "\w+" around them/ : /unknown parameter/,
        },
      ),
    ),
  ]
}
