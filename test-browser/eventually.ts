import assert from 'node:assert/strict'
import { setTimeout as rest } from 'node:timers/promises'

/** How long a page may take on a machine that is busy with other things, ms. */
export const patience = 60_000

/** Reads until it is as expected: a page may show one thing before another that comes of the same. */
export async function eventually<Value>(read: () => Promise<Value>, expected: Value): Promise<void> {
  await until(async () => {
    assert.deepEqual(await read(), expected)
  })
}

/** Asserts until it holds. */
export async function until(holds: () => Promise<void>): Promise<void> {
  for (const began = performance.now(); ; await rest(50)) {
    try {
      return await holds()
    } catch (error) {
      if (performance.now() - began > patience) throw error
    }
  }
}
