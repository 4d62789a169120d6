// Preloaded into each process that is measured: watches its event loop, and answers its parent over IPC.
import { monitorEventLoopDelay } from 'node:perf_hooks'

/** What a process came to since it was last told to forget; ms and MB. */
export type Measured = { p999: number; longest: number; work: number; rss: number; heap: number }
/** Says that the event loop worked for longer than it may. */
export type Blocked = { blocked: number }

/** The event loop may be kept from other requests no longer, ms. */
export const longestMs = 250

if (process.send) {
  const delays = monitorEventLoopDelay({ resolution: 10 })
  delays.enable()
  let [work, before, judged] = [0, threadMs(), false]
  // CPU time of this thread between two turns: a busy machine makes turns late, but not longer by this measure.
  setInterval(() => {
    const now = threadMs()
    const took = now - before
    before = now
    work = Math.max(work, took)
    if (judged && took > longestMs) process.send?.({ blocked: took } satisfies Blocked)
  }, 5).unref()
  process.on('message', (order) => {
    if (order === 'forget') {
      delays.reset()
      judged = true
      work = 0
      before = threadMs()
      return
    }
    const measured = { p999: delays.percentile(99.9) / 1e6, longest: delays.max / 1e6, work }
    globalThis.gc?.()
    const { rss, heapUsed, external } = process.memoryUsage()
    before = threadMs()
    process.send?.({ ...measured, rss: rss / 2 ** 20, heap: (heapUsed + external) / 2 ** 20 })
  })
  process.on('disconnect', () => process.exit())
  process.channel?.unref()
}

function threadMs(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}
