import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Row } from './cell.ts'
import type { Answer, Order } from './worker.ts'

const program = fileURLToPath(new URL('worker.ts', import.meta.url))

/** Runs all orders in `count` processes, each with a workspace of its own; throws when one of them fails. */
export async function runAll(
  orders: Order[],
  count: number,
  onRow: (row: Row, seconds: number) => void,
): Promise<void> {
  const queue = orders.values()
  const work = async () => {
    const child = fork(program)
    try {
      for (const order of queue) {
        const begun = performance.now()
        child.send(order)
        const ended = new AbortController()
        const [answer] = (await Promise.race([
          once(child, 'message', { signal: ended.signal }),
          once(child, 'exit', { signal: ended.signal }).then(() => [{ error: 'a worker ended' }]),
        ])) as [Answer]
        ended.abort()
        if ('error' in answer) throw new Error(answer.error)
        onRow(answer.row, (performance.now() - begun) / 1000)
      }
    } finally {
      child.disconnect()
    }
  }
  await Promise.all(Array.from({ length: count }, work))
}
