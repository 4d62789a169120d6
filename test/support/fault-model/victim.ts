import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Report } from '../../../campaigns/reliability/send.ts'
import type { Orders, Said } from './child.ts'

const program = fileURLToPath(new URL('child.ts', import.meta.url))

/**
 * Lets a process make calls and ends it with SIGKILL when `moment`, asked for as they begin, has come; `null`: it ends
 * by itself. Gives what it has reported until then, by idempotency key.
 */
export async function runUntilKilled(
  orders: Orders,
  moment: (() => Promise<void>) | null,
): Promise<Map<string, Report>> {
  const child = fork(program, [JSON.stringify(orders)])
  const ended = once(child, 'exit')
  const reports = new Map<string, Report>()
  const begun = Promise.withResolvers<void>()
  child.on('message', (said: Said) => {
    if (said === 'ready') begun.resolve()
    else reports.set(said.id, said.report)
  })
  void ended.then(() => begun.reject(new Error('the process did not begin'))).catch(() => {})
  await begun.promise
  child.send('go')
  if (moment !== null) {
    await Promise.race([moment(), ended])
    child.kill('SIGKILL')
  }
  await ended
  return reports
}
