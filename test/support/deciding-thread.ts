import { parentPort, workerData } from 'node:worker_threads'
import { openApprovals } from '../../src/approvals/index.ts'
import type { IntercomError } from '../../src/index.ts'

/** Somebody who decides on approvals as fast as they can, from a thread of their own. */
export type Deciding = { file: string; ids: string[]; by: string }

const { file, ids, by } = workerData as Deciding // the test's
const store = openApprovals(file)
parentPort?.postMessage('ready')
parentPort?.once('message', async () => {
  const told: string[] = []
  for (const [at, id] of ids.entries()) {
    const decision = (at + by.length) % 2 === 0 ? { approve: true as const } : { decline: by }
    told.push(
      await store.decide(id, decision, by, 'cli').then(
        ({ state }) => state,
        ({ code, message }: IntercomError) => `${code}: ${message}`,
      ),
    )
  }
  store.close()
  parentPort?.postMessage(told)
})
