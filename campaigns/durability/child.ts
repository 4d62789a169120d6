// A process that sends and is killed: naive code, or this package with a journal.
import { createIntercom } from '../../src/index.ts'
import type { Send } from '../reliability/send.ts'
import { ours } from '../reliability/senders.ts'
import { naive, reportOf } from './naive.ts'
import { answering } from './process.ts'

/** Without a journal it sends by the official SDK. */
export type ChildOptions = { url: string; accessToken: string; journal?: string; settleMs: readonly number[] }

const { url, accessToken, journal, settleMs } = JSON.parse(process.argv[2] ?? '{}') as ChildOptions // the parent's
const sendBySdk = naive(url, accessToken)
let send = (send: Send) => reportOf(sendBySdk(send))
if (journal !== undefined) {
  const host = { url, accessToken, timeoutMs: 30_000, deadlineMs: 60_000 }
  const sender = ours(host, 'verify', { journal, settleMs: [...settleMs] })
  send = (send) => sender.send(send, send.mark)
  // The first call of a process goes alone: it is to be no send.
  await createIntercom({ baseUrl: url, accessToken }).listAdmins()
}
answering({ url }, { send: (one: Send) => send(one) })
