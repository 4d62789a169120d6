import { textOf } from '../../errors.ts'
import { type Layout, openPrivateFile, transaction } from '../../sqlite/sqlite.ts'
import { type BudgetState, newBudgetState, type RateLimitStore } from './budget-state.ts'

/** After a failure the file is tried again this much later, ms. */
const fallbackMs = 5_000

const layout: Layout = {
  name: 'rate limit file',
  code: 'invalid_rate_limit_file',
  version: 1,
  tables: ['rate_limits'],
  sql: 'CREATE TABLE rate_limits (key TEXT PRIMARY KEY, state TEXT NOT NULL) STRICT, WITHOUT ROWID',
  synchronous: 'NORMAL',
}

/**
 * The budget of all processes that name the same file; `key` tells tokens apart and holds none. Throws an
 * `IntercomError` (`invalid_rate_limit_file`) when the file cannot be opened. When it fails later (locked for long,
 * damaged, full disk), a warning is emitted and the process limits its own rate only, taking what the others use for
 * foreign traffic. `busyMs`: how long another process may hold the file up while calls wait.
 */
export function fileStore(file: string, key: string, busyMs = 200): RateLimitStore {
  const db = openPrivateFile(file, layout)
  db.exec(`PRAGMA busy_timeout = ${busyMs}`)
  const read = db.prepare('SELECT state FROM rate_limits WHERE key = ?')
  const write = db.prepare(
    'INSERT INTO rate_limits (key, state) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET state = excluded.state',
  )
  let last = newBudgetState()
  let fallbackUntil = 0

  function together<T>(change: (state: BudgetState) => T): T {
    const { state, result } = transaction(db, () => {
      const state = stateOf(read.get(key)?.['state'])
      const result = change(state)
      write.run(key, JSON.stringify(state))
      return { state, result }
    })
    last = state
    return result
  }

  return {
    shared: true,
    change(change) {
      if (performance.now() < fallbackUntil) return change(last)
      try {
        const result = together(change)
        fallbackUntil = 0
        return result
      } catch (error) {
        if (fallbackUntil === 0) warn(file, error)
        fallbackUntil = performance.now() + fallbackMs
        return change(last)
      }
    },
  }
}

/** Starts anew where nothing is stored, or what another version wrote. */
function stateOf(text: unknown): BudgetState {
  const state = newBudgetState()
  const found = typeof text === 'string' ? parsed(text) : null
  if (typeof found !== 'object' || found === null) return state
  const given = new Map<string, unknown>(Object.entries(found))
  const whole = Object.entries(state).every(([name, value]) => typeof given.get(name) === typeof value)
  return whole ? Object.assign(state, found) : state
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function warn(file: string, error: unknown): void {
  process.emitWarning(
    `The rate limit file ${file} cannot be used (${textOf(error)}). Until it can, this process limits its own rate only.`,
    { code: 'INTERCOM_RATE_LIMIT_ALONE' },
  )
}
