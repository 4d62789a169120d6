import { type BudgetState, newBudgetState } from './budget-state.ts'

/**
 * Where the budget of a token is kept. A store that processes or machines share makes each change one
 * transaction; it may answer later, and may have to make a change again on newer state.
 */
export type RateLimitStore = {
  /** Whether others change it too, and asking is dear. */
  readonly shared: boolean
  /** Changes the state in place and answers what the change answered. Must not fail: to limit one's own rate only is better. */
  change<T>(change: (state: BudgetState) => T): T | Promise<T>
}

/** The budget of one process. */
export function memoryStore(): RateLimitStore {
  const state = newBudgetState()
  return { shared: false, change: (change) => change(state) }
}
