import type { Answer, Ask } from './witness.ts'
import type { Words } from './words.ts'

/** Ids and other values that earlier answers of a side have told, by kind. They are sent back to that side alone. */
export type Known = Map<string, string[]>

/** What the parts of a call are filled with, on one side. */
export type Fill = {
  /** A value of that kind. Throws `Nothing` where the side has none. */
  id(kind: string): string
  perPage: number
}

/** The side has nothing of that kind, so that the call cannot be made. */
export class Nothing extends Error {}

/** Something that sources are silent about, and how an answer settles it. */
export type Question = {
  text: string
  /** One of the known alternatives, else what was answered; it holds no value. */
  settle(answer: Answer, words: Words): string
}

/** One call of the comparison. */
export type Call = {
  /** As it is shown. */
  name: string
  make(fill: Fill): Omit<Ask, 'safe'>
  /** @default true */
  safe?: boolean
  /** Left out unless all calls are asked for. */
  further?: true
  /** Where its answer has values for later calls, by kind: `data[].id`. */
  finds?: Readonly<Record<string, string>>
  /** What it makes, which is removed in the end, and the key of its id. */
  creates?: { kind: 'contact' | 'conversation' | 'tag'; id: string }
  /** What its answer holds if it is of an object of the run's own: no other is written to. */
  proof?: string
  /** Whether the answer is there yet; else it is asked for again. */
  until?(answer: Answer): boolean
  question?: Question
}

/** A call from `GET /contacts/{contact}/notes?per_page={per_page}`, where `{contact}` is a value of that kind. */
export function call(
  template: string,
  rest: Partial<Omit<Call, 'make' | 'name'>> & {
    name?: string
    body?: unknown | ((fill: Fill) => unknown)
    with?: Pick<Ask, 'version' | 'accept' | 'authorization'>
  } = {},
): Call {
  const { body, with: headers = {}, name, ...more } = rest
  const [method = '', path = ''] = template.split(' ')
  const makeBody = typeof body === 'function' ? (body as (fill: Fill) => unknown) : () => body
  return {
    name: name ?? template.replace(/[?&]per_page=\{per_page\}/, ''),
    make: (fill) => ({
      method: method as Ask['method'],
      path: path.replaceAll(/\{(\w+)\}/g, (_, kind) =>
        kind === 'per_page' ? String(fill.perPage) : encodeURIComponent(fill.id(kind)),
      ),
      ...(body !== undefined && { body: makeBody(fill) }),
      ...headers,
    }),
    ...more,
  }
}

/** Most values of a kind that are kept. */
const mostKnown = 50

/** Keeps what an answer tells for later calls. Ids that no API would give are not used. */
export function learn(known: Known, { finds = {}, proof }: Call, { status, json }: Answer): void {
  if (status >= 300 || !holds(json, proof)) return
  for (const [kind, where] of Object.entries(finds)) {
    const values = valuesAt(json, where)
    const usable = values.filter((value) =>
      isFree(kind) ? value.length < 300 : /^[\w-]{1,100}$/.test(value),
    )
    const all = new Set([...(known.get(kind) ?? []), ...usable])
    known.set(kind, [...all].slice(0, mostKnown))
  }
}

/** Whether an object is of the run's own. */
export function holds(json: unknown, proof: string | undefined): boolean {
  return proof === undefined || (json !== undefined && JSON.stringify(json).includes(proof))
}

/** Kinds that are sent in a body only, where no value can lead elsewhere. */
function isFree(kind: string): boolean {
  return kind === 'email'
}

/** The texts and numbers at a place of an answer: `data[].id`; `[-1]` is the last of a list. */
export function valuesAt(json: unknown, where: string): string[] {
  return at([json], where.split('.')).map(String)
}

function at(values: unknown[], [step, ...rest]: string[]): (string | number)[] {
  if (step === undefined) return values.filter((one) => typeof one === 'string' || typeof one === 'number')
  const [name = '', items] = step.split(/(?=\[)/)
  const next = values.flatMap((one) => {
    const value =
      typeof one === 'object' && one !== null && Object.hasOwn(one, name) ? Reflect.get(one, name) : undefined
    if (items === undefined || !Array.isArray(value)) return [value]
    return items === '[-1]' ? value.slice(-1) : value.slice(0, mostKnown)
  })
  return at(next, rest)
}

/** Settles a question by status and code of an answer: `'401 unauthorized': 'as for a wrong token'`. */
export function byError(alternatives: Readonly<Record<string, string>>): Question['settle'] {
  return (answer, words) => {
    const { code, message } = firstError(answer)
    const seen = code === undefined ? String(answer.status) : `${answer.status} ${code}`
    const known = Object.hasOwn(alternatives, seen) ? alternatives[seen] : undefined
    if (known !== undefined) return known
    if (code === undefined) return `${answer.status}`
    return `${answer.status} ${words.said(code)}: ${words.said(message)}`
  }
}

/** The first error of an `error.list`. */
export function firstError({ json }: Answer): { code?: string | undefined; message?: unknown } {
  const [first] = itemsOf(json, 'errors')
  const code = first?.['code']
  return { code: typeof code === 'string' ? code : undefined, message: first?.['message'] }
}

function itemsOf(json: unknown, key: string): Record<string, unknown>[] {
  const list = typeof json === 'object' && json !== null ? Reflect.get(json, key) : undefined
  return Array.isArray(list) ? list.filter((one) => typeof one === 'object' && one !== null) : []
}
