import { type Call, type Fill, firstError, type Known, learn, Nothing } from './call.ts'
import { type Difference, differencesOf } from './differences.ts'
import { headerDifferences } from './headers.ts'
import { addPages, type Pages, pageDifferences, withoutNext } from './pages.ts'
import { addTo, newShape } from './shape.ts'
import type { Answer, Ask, NoAnswer, Witness } from './witness.ts'
import { newWords, type Words } from './words.ts'

/** What came of one call. */
export type Compared = {
  call: string
  result: 'same' | 'different' | 'not compared'
  /** Why it was not compared. */
  reason?: string
  differences: Difference[]
}

/** What is open, how Intercom settles it, and what the local Intercom does. */
export type Settled = { question: string; live: string; local: string }

/** One side while calls are compared: whom to ask, and what it has told. */
export type Side = { ask: Witness; known: Known }

/** Objects of the local Intercom that are looked at where a call names one. */
const samples = 40
const perPage = 5

/** How often a search is made for what was just written, which Intercom finds after some seconds. */
const mostTries = 5

/** Makes calls on both sides and compares the answers. */
export class Comparison {
  readonly compared: Compared[] = []
  readonly settled: Settled[] = []
  readonly words: Words = newWords()
  readonly live: Side
  readonly local: Side
  readonly #pause: () => Promise<void>
  /** By route, since the last page of a list and the others differ. */
  readonly #pages = new Map<string, Record<'live' | 'local', Pages>>()

  /** `pause` waits for what a search does not find yet. */
  constructor(live: Witness, local: Witness, pause: () => Promise<void> = async () => {}) {
    this.#pause = pause
    this.live = { ask: live, known: new Map() }
    this.local = { ask: local, known: new Map() }
  }

  /** Makes one call on both sides; gives Intercom's answer. */
  async make(call: Call): Promise<Answer | NoAnswer | null> {
    const ask = made(call, this.live.known, 0)
    if (ask === null) return this.#skip(call, 'there is nothing of the kind in the workspace')
    let live = await this.live.ask(ask)
    for (let tries = 1; call.until && tries < mostTries; tries++) {
      if ('broken' in live || call.until(live)) break
      await this.#pause()
      live = await this.live.ask(ask)
    }
    if ('broken' in live) {
      this.#skip(call, `no answer: ${live.broken}`)
      return live
    }
    learn(this.live.known, call, live)
    const local = await this.#askLocal(call)
    if (local === null) this.#skip(call, 'there is nothing of the kind in the local Intercom')
    else this.#compare(call, ask, live, local)
    return live
  }

  /** The differences in how lists go on, once all calls are made. */
  finish(): void {
    for (const [route, { live, local }] of this.#pages) {
      const differences = pageDifferences(live, local)
      if (differences.length > 0)
        this.compared.push({ call: `${route}, pages`, result: 'different', differences })
    }
  }

  /** The same call, and, where it changes nothing, the same for more objects and for pages of other sizes. */
  async #askLocal(call: Call): Promise<[Answer, ...Answer[]] | null> {
    const { known } = this.local
    const ask = made(call, known, 0)
    const first = ask && (await this.local.ask(ask))
    if (first === null || 'broken' in first) return null
    const answers: [Answer, ...Answer[]] = [first]
    if (call.safe !== false) {
      const more = [
        ...Array.from({ length: samples - 1 }, (_, at) => made(call, known, at + 1)),
        ...[1, 150].map((size) => made(call, known, 0, size)),
      ].filter((one) => one !== null)
      const others = [...new Set(more.map((one) => JSON.stringify(one)))]
      for (const text of others) {
        if (text === JSON.stringify(ask)) continue
        const answer = await this.local.ask(JSON.parse(text) as Ask)
        if (!('broken' in answer) && answer.status === first.status) answers.push(answer)
      }
    }
    for (const answer of answers) {
      learn(known, call, answer)
      this.words.learn(answer.json, answer.status >= 400)
    }
    return answers
  }

  #compare(call: Call, ask: Ask, live: Answer, [local, ...more]: [Answer, ...Answer[]]): void {
    const { words } = this
    if (local.status === 501) {
      this.#skip(call, 'the local Intercom does not have it')
      return
    }
    const { question } = call
    if (question) {
      const settle = (answer: Answer) => question.settle(answer, words)
      this.settled.push({ question: question.text, live: settle(live), local: settle(local) })
    }
    const differences = [
      ...statusDifferences(live, local, words),
      ...(live.status === local.status
        ? [...headerDifferences(live, local, ask), ...bodyDifferences(live, [local, ...more], words)]
        : []),
    ]
    if (live.status === 200 && local.status === 200) this.#addPages(ask, live, [local, ...more])
    const result = differences.length > 0 ? 'different' : 'same'
    this.compared.push({ call: call.name, result, differences })
  }

  #addPages({ method, path }: Ask, live: Answer, local: Answer[]): void {
    const route = `${method} ${path.split('?')[0]?.replaceAll(/[^/]*\d[^/]*/g, '{id}')}`
    const pages = this.#pages.get(route) ?? { live: new Map(), local: new Map() }
    this.#pages.set(route, pages)
    addPages(pages.live, live.json)
    for (const answer of local) addPages(pages.local, answer.json)
  }

  #skip({ name }: Call, reason: string): null {
    this.compared.push({ call: name, result: 'not compared', reason, differences: [] })
    return null
  }
}

/** A call for the side's `at`th object; null where it has none, or no further one. */
function made(call: Call, known: Known, at: number, size = perPage): Ask | null {
  const fill: Fill = {
    id(kind) {
      const value = known.get(kind)?.[at]
      if (value === undefined) throw new Nothing(kind)
      return value
    },
    perPage: size,
  }
  try {
    return { ...call.make(fill), safe: call.safe !== false }
  } catch (error) {
    if (error instanceof Nothing) return null
    throw error
  }
}

function statusDifferences(live: Answer, local: Answer, words: Words): Difference[] {
  const found: Difference[] = []
  if (live.status !== local.status)
    found.push({ kind: 'status', where: '', live: statusOf(live, words), local: statusOf(local, words) })
  else if (live.body !== local.body)
    found.push({ kind: 'body', where: '', live: live.body, local: local.body })
  if (live.status !== local.status || live.status < 400) return found
  const [one, other] = [firstError(live), firstError(local)]
  for (const key of ['code', 'message'] as const) {
    if (one[key] === other[key] || masked(one[key]) === masked(other[key])) continue
    const where = `errors[].${key}`
    found.push({ kind: 'error', where, live: words.said(one[key]), local: words.said(other[key]) })
  }
  return found
}

/** A message may name what was asked for, which is another on either side. */
function masked(text: unknown): unknown {
  return typeof text === 'string' ? text.slice(0, 1000).replaceAll(/[0-9a-f]{24}|\d+/g, '…') : text
}

function statusOf(answer: Answer, words: Words): string {
  const { code } = firstError(answer)
  return code === undefined ? String(answer.status) : `${answer.status} ${words.said(code)}`
}

function bodyDifferences(live: Answer, local: Answer[], words: Words): Difference[] {
  if (live.body !== 'json') return []
  const [one, other] = [newShape(), newShape()]
  addTo(one, withoutNext(live.json), words.isEnumeration)
  for (const answer of local) addTo(other, withoutNext(answer.json), words.isEnumeration)
  return differencesOf(one, other, words)
}
