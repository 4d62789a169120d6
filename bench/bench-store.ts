import { systemClock } from '../src/workspace/clock.ts'
import { buildAnswer } from '../src/workspace/http/answer.ts'
import { routes } from '../src/workspace/routes/all.ts'
import { openStore } from '../src/workspace/store/open.ts'
import type { Store } from '../src/workspace/store/store.ts'

/** A workspace file opened for measuring: searches without sockets, and what their statements cost. */
export interface Bench {
  readonly store: Store
  /** Milliseconds since it was set to 0: in counts for `total_count`, and in everything else SQLite did. */
  readonly spent: { page: number; count: number }
  /** Sends a request and gives the parsed answer. */
  call(method: string, target: string, body: unknown): Record<string, unknown>
  /** Sends a search and gives its `total_count`. */
  search(path: string, body: unknown): number
  close(): void
}

export function openBench(file: string | undefined): Bench {
  const store = openStore(file, systemClock)
  const spent = { page: 0, count: 0 }
  const { db } = store
  const { number, all } = db
  db.number = (sql, ...values) =>
    timed(/^SELECT count\(\*\) FROM (?!\(SELECT 1)/.test(sql) ? 'count' : 'page', () =>
      number.call(db, sql, ...values),
    )
  db.all = <R extends object>(
    sql: string,
    ...values: Parameters<typeof all> extends [string, ...infer V] ? V : never
  ) => timed('page', () => all.call(db, sql, ...values) as R[])

  function timed<T>(kind: 'page' | 'count', work: () => T): T {
    const started = performance.now()
    const result = work()
    spent[kind] += performance.now() - started
    return result
  }

  const token = db.get<{ token: string }>('SELECT token FROM tokens')?.token
  const answer = buildAnswer(store, routes)
  const header = (name: string) => (name === 'authorization' ? `Bearer ${token}` : undefined)
  const call = (method: string, target: string, body: unknown): Record<string, unknown> => {
    const out = answer({
      method,
      origin: 'http://bench',
      target,
      header,
      body: body === undefined ? '' : JSON.stringify(body),
    })
    if (out.status !== 200) throw new Error(`${method} ${target}: ${out.status} ${out.body}`)
    return JSON.parse(out.body)
  }
  return {
    store,
    spent,
    call,
    search: (path, body) => Number(call('POST', path, body)['total_count']),
    close: () => db.close(),
  }
}
