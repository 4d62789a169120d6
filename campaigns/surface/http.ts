import { connect } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import type { Chance } from './mutate.ts'
import { apiKey, nextSending, type Sending } from './requests.ts'

/** A whole request is answered within so long, and its connection closed, ms. */
const answerMs = 20_000
/** How long a client that is owed no answer waits for one, ms. */
const patienceMs = 250

/** What came of many sendings. */
export type Sent = { sent: number; statuses: Map<string, number>; broken: string[]; recent: string[] }

/** Nothing sent yet. */
export function nothingSent(): Sent {
  return { sent: 0, statuses: new Map(), broken: [], recent: [] }
}

/** Sends so many, sixteen at a time, until a time; `sent` grows meanwhile. */
export async function sendMany(
  port: number,
  chance: Chance,
  count: number,
  until: number,
  sent: Sent,
): Promise<void> {
  let left = count
  const sender = async () => {
    while (left-- > 0 && performance.now() < until && sent.broken.length < 20) {
      const sending = nextSending(chance)
      sent.sent += 1
      sent.recent = [...sent.recent.slice(-31), sending.what]
      const { answer, closed } = await exchange(port, sending)
      judge(sending, answer, closed, sent)
    }
  }
  await Promise.all(Array.from({ length: 16 }, sender))
}

function judge({ what, pieces, whole = false }: Sending, answer: string, closed: boolean, sent: Sent): void {
  const statuses = [...answer.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status = '']) => status)
  for (const status of statuses) sent.statuses.set(status, (sent.statuses.get(status) ?? 0) + 1)
  const wrong =
    complaint(statuses, answer) ?? (whole && !(closed && statuses.length > 0) ? 'was not answered' : null)
  if (wrong === null) return
  const bytes = Buffer.concat(pieces).subarray(0, 600).toString('latin1')
  sent.broken.push(`${what} ${wrong}: ${JSON.stringify(bytes)} → ${JSON.stringify(answer.slice(0, 600))}`)
}

/** 503 has a meaning where the server says that it is busy, or that too many events wait (docs/serve.md, docs/webhooks.md). */
function complaint(statuses: readonly string[], answer: string): string | null {
  const known = /"code":"server_busy"|Too many events are waiting/.test(answer)
  const failed = statuses.find((status) => status >= '500' && !(status === '503' && known))
  if (failed !== undefined) return `got ${failed}`
  if (answer.includes('"code":-32603')) return 'got an internal error'
  return answer.includes(apiKey) ? 'got the key back' : null
}

/** What the server said, and whether it closed the connection by itself. */
async function exchange(
  port: number,
  { pieces, halfClosed, whole }: Sending,
): Promise<{ answer: string; closed: boolean }> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  const answer: string[] = []
  let closed = true
  const giveUp = () => {
    closed = false
    socket.destroy()
  }
  let timer = setTimeout(giveUp, answerMs)
  const waitAgain = () => {
    if (whole) return
    clearTimeout(timer)
    timer = setTimeout(giveUp, patienceMs)
  }
  const ended = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  socket.setEncoding('latin1')
  socket.on('error', () => {}) // a refused sender may be cut off
  socket.on('data', (text: string) => {
    answer.push(text)
    waitAgain()
  })
  for (const piece of pieces) {
    if (socket.destroyed) break
    if (piece.length > 0) socket.write(piece)
    await turn()
  }
  if (halfClosed) socket.end()
  waitAgain()
  await ended
  clearTimeout(timer)
  return { answer: answer.join(''), closed }
}
