import { type Call, holds, valuesAt } from './call.ts'
import type { Answer, NoAnswer, Witness } from './witness.ts'

type Kind = NonNullable<Call['creates']>['kind']

/** What a run of writes has made at Intercom, so that it can be removed. */
export class Made {
  readonly #ids: Record<Kind, Set<string>> = { conversation: new Set(), contact: new Set(), tag: new Set() }
  readonly #mark: string
  #unknown = 0

  /** `mark` is in all that the run makes. */
  constructor(mark: string) {
    this.#mark = mark
  }

  add({ creates, proof }: Call, answer: Answer | NoAnswer | null): void {
    if (answer === null) return
    if (!('broken' in answer)) this.#forget(answer.json)
    if (creates === undefined) return
    if ('broken' in answer) this.#unknown += answer.transmitted ? 1 : 0
    else if (answer.status < 300) this.#take(creates, answer.json, proof)
  }

  /**
   * Removes all of it, and tells how much is left of each kind, and of what nobody knows whether it was made. A
   * conversation that was made without the run knowing is found by its contact.
   */
  async remove(ask: Witness): Promise<Record<Kind | 'unknown', number>> {
    for (const id of this.#ids.contact) {
      const query = { field: 'contact_ids', operator: '=', value: id }
      const found = await ask({ method: 'POST', path: '/conversations/search', body: { query }, safe: true })
      if (!('broken' in found)) this.#take({ kind: 'conversation', id: 'id' }, found.json, this.#mark)
    }
    const left = { conversation: 0, contact: 0, tag: 0, unknown: this.#unknown }
    for (const kind of ['conversation', 'contact', 'tag'] as const) {
      for (const id of this.#ids[kind]) if (!(await removed(ask, kind, id))) left[kind]++
    }
    return left
  }

  /** A contact that the run itself has deleted. */
  #forget(json: unknown): void {
    const { id, deleted } = (json ?? {}) as { id?: unknown; deleted?: unknown }
    if (deleted === true) this.#ids.contact.delete(String(id))
  }

  /** Takes what is the run's own, in a list or by itself, and nothing else, whatever a search has answered. */
  #take({ kind, id }: NonNullable<Call['creates']>, json: unknown, proof = this.#mark): void {
    const list = (json as { conversations?: unknown } | null | undefined)?.conversations
    for (const one of Array.isArray(list) ? list : [json]) {
      if (!holds(one, proof)) continue
      for (const value of valuesAt(one, id)) if (/^[\w-]{1,100}$/.test(value)) this.#ids[kind].add(value)
    }
  }
}

/** Conversations can be deleted from 2.13 on, so that a 404 may mean the route: only a read proves it gone. */
async function removed(ask: Witness, kind: Kind, id: string): Promise<boolean> {
  const version = kind === 'conversation' ? { version: '2.13' } : {}
  const path = `/${kind}s/${id}`
  const answer = await ask({ method: 'DELETE', path, safe: true, ...version })
  if ('broken' in answer || (answer.status >= 300 && answer.status !== 404)) return false
  if (answer.status < 300 || kind !== 'conversation') return true
  const left = await ask({ method: 'GET', path, safe: true })
  return !('broken' in left) && left.status === 404
}
