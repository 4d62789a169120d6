import { openJournal } from '../../src/core/sqlite-journal.ts'
import { createIntercom, type IntercomOptions } from '../../src/index.ts'

/** One call in a process of its own. */
export type KeyedCall = {
  options: IntercomOptions
  /** The file of its journal, and after how long silence counts as death there. */
  journal: { file: string; leaseMs: number }
  action: string
  input: unknown
  idempotencyKey: string
  /** Gives this process the signal when a request of the method is about to be transmitted. */
  die?: { signal: 'SIGKILL' | 'SIGSTOP'; at: 'GET' | 'POST' }
}

const { options, journal, action, input, idempotencyKey, die } = JSON.parse(
  String(process.argv[2]),
) as KeyedCall // the parent's
const onRequest = ({ method }: { method: string }) => {
  if (method === die?.at) process.kill(process.pid, die.signal)
}
const intercom = createIntercom({
  ...options,
  journal: openJournal(journal.file, journal.leaseMs),
  onRequest,
})
process.stdout.write(JSON.stringify(await intercom.call(action, input, { idempotencyKey })))
await intercom.close()
