import { setTimeout as sleep } from 'node:timers/promises'
import type { Report, Send } from '../../../campaigns/reliability/send.ts'
import { type Host, ours } from '../../../campaigns/reliability/senders.ts'
import { createIntercom, type OnUnknown } from '../../../src/index.ts'

/** What a process that will be killed is told to do. */
export type Orders = {
  host: Host
  onUnknown: OnUnknown
  journal: string
  /** Whether it has read before: the first call of a process goes alone. */
  warm: boolean
  settleMs?: readonly number[] | undefined
  calls: { id: string; send: Send; afterMs: number }[]
}

/** What it says: that it is ready to begin, or what became of a call. */
export type Said = 'ready' | { id: string; report: Report }

const { host, onUnknown, journal, warm, settleMs, calls } = JSON.parse(String(process.argv[2])) as Orders // the parent's
const sender = ours(host, onUnknown, settleMs === undefined ? { journal } : { journal, settleMs })
const say = (said: Said) => process.send?.(said)
process.once('message', async () => {
  await Promise.all(
    calls.map(async ({ id, send, afterMs }) => {
      await sleep(afterMs)
      say({ id, report: await sender.send(send, id) })
    }),
  )
  await sender.close()
  process.disconnect()
})
process.on('disconnect', () => process.exit())
if (warm) await createIntercom({ baseUrl: host.url, accessToken: host.accessToken }).listAdmins()
say('ready')
