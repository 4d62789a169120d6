import type { JsonObject } from '../client/request.ts'
import type { Port } from './port.ts'

/** Something Intercom shows that may be what a request made. */
export type Item = {
  id: string
  /** Unix seconds, on Intercom's clock. */
  created_at: number
  /** Whether it is of the same kind and says what was sent; if not, it is by the same author, with other words. */
  same: boolean
  /** What Intercom would have answered to the request that made it. */
  answer: JsonObject
}

/** What reading back showed. `evidence` is a sentence for people, where there is no proof either way. */
type Sighting = { items: Item[]; evidence?: string }

/** How to find out, by reading, whether a non-idempotent request took effect. */
export type Verify<Input> = {
  /**
   * What it proves when nothing is found: `record` reads what was written to, which shows every write at once; `search`
   * lags behind writes; `none`: nothing shows what was sent.
   */
  proof: 'record' | 'search' | 'none'
  /** Calls of one client with the same key run one after another. */
  key(input: Input): string
  /** What else may name what is written to: rows of a file that share one of these go one after another too. */
  aliases?(input: Input): string[]
  /**
   * The ids of the items by this author and of this kind in the answer to the request, the newest last: no other send
   * can claim them. Ids that are no text are left out.
   */
  made(answer: JsonObject, input: Input): unknown[]
  /** Reads back. `since`: Unix seconds on Intercom's clock before which nothing can be this request's. */
  look(intercom: Port, input: Input, since: number): Promise<Sighting>
  /** What may have happened, as a sentence: `The reply may have been delivered.` */
  risk: string
  /** Where a person or a model looks for it, as a sentence; `at` is a time of day. */
  whereToLook(input: Input, at: string): string
}

/**
 * The entries of a list that lack one of `keys`: each may be what is looked for, which then cannot be called missing.
 */
export function unreadableIn(list: unknown, answer: JsonObject, ...keys: string[]): Item[] {
  if (!Array.isArray(list)) return []
  const isReadable = (one: unknown) =>
    typeof one === 'object' && one !== null && keys.every((key) => key in one)
  return list
    .filter((one) => !isReadable(one))
    .map(() => ({ id: '', created_at: Number.POSITIVE_INFINITY, same: false, answer }))
}
