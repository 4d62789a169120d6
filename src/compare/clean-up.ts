import { type Call, valuesAt } from './call.ts'
import type { Answer, Ask, NoAnswer, Witness } from './witness.ts'

type Kind = NonNullable<Call['creates']>['kind']

/** What a run of writes has made at Intercom, so that it can be removed. */
export class Made {
  readonly #ids: Record<Kind, Set<string>> = { conversation: new Set(), contact: new Set(), tag: new Set() }
  #unknown = 0

  add({ creates }: Call, answer: Answer | NoAnswer | null): void {
    if (creates === undefined || answer === null) return
    if ('broken' in answer) this.#unknown += answer.transmitted ? 1 : 0
    else if (answer.status < 300) this.#take(creates.kind, valuesAt(answer.json, creates.at))
  }

  /**
   * Removes all of it, and tells how much is left of each kind, and of what nobody knows whether it was made. A
   * conversation that was made without the run knowing is found by its contact.
   */
  async remove(ask: Witness): Promise<Record<Kind | 'unknown', number>> {
    for (const id of this.#ids.contact) {
      const query = { field: 'contact_ids', operator: '=', value: id }
      const found = await ask({ method: 'POST', path: '/conversations/search', body: { query }, safe: true })
      if (!('broken' in found)) this.#take('conversation', valuesAt(found.json, 'conversations[].id'))
    }
    const left = { conversation: 0, contact: 0, tag: 0, unknown: this.#unknown }
    for (const kind of ['conversation', 'contact', 'tag'] as const) {
      for (const id of this.#ids[kind]) if (!(await removed(ask, kind, id))) left[kind]++
    }
    return left
  }

  #take(kind: Kind, ids: string[]): void {
    for (const id of ids) if (/^[\w-]{1,100}$/.test(id)) this.#ids[kind].add(id)
  }
}

/** Conversations can be deleted from 2.13 on. A 404 may mean the route, so that only a read proves it gone. */
async function removed(ask: Witness, kind: Kind, id: string): Promise<boolean> {
  const version = kind === 'conversation' ? { version: '2.13' } : {}
  const path = `/${kind}s/${id}`
  const request: Ask = { method: 'DELETE', path, safe: true, ...version }
  const answer = await ask(request)
  if (!('broken' in answer) && answer.status < 300) return true
  const left = await ask({ method: 'GET', path, safe: true })
  return !('broken' in left) && left.status === 404
}
