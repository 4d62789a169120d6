import type { ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import { goodMessage, strangeText } from './messages.ts'
import type { Chance } from './mutate.ts'

/** Messages before the next one that must be answered. */
const betweenPings = 20
const answerMs = 20_000

/** A client over stdin and stdout. */
export type Talk = {
  sent: number
  answered: number
  broken: string[]
  /** Says so many things, until a time. */
  say(count: number, until: number): Promise<void>
}

/** Talks to an MCP server over its pipes; each line that it prints is judged. */
export function talkTo({ stdin, stdout }: ChildProcess, chance: Chance): Talk {
  if (stdin === null || stdout === null) throw new Error('no pipes')
  const waiting = new Map<unknown, () => void>()
  const write = (bytes: Buffer | string) =>
    new Promise<void>((resolve) => void stdin.write(bytes, () => resolve()))
  const talk: Talk = {
    sent: 0,
    answered: 0,
    broken: [],
    async say(count, until) {
      for (let left = count; left > 0 && performance.now() < until && talk.broken.length < 20; left--) {
        const { json } = goodMessage(chance)
        const text = (
          chance.percent(30) ? JSON.stringify(json) : strangeText(chance, json).toString('latin1')
        ).replace(/[\r\n]/g, ' ')
        await write(Buffer.from(`${text}\n`, 'latin1'))
        talk.sent += 1
        if (talk.sent % betweenPings === 0) await ping()
      }
    },
  }
  createInterface({ input: stdout }).on('line', (line) => {
    talk.answered += 1
    const { id, error } = parsed(line)
    if (error?.code === -32_603) talk.broken.push(`over stdio: ${line.slice(0, 600)}`)
    waiting.get(id)?.()
  })

  async function ask(id: string, method: string, params: object): Promise<void> {
    const answer = new Promise<boolean>((resolve) => {
      const timer = setTimeout(() => resolve(false), answerMs)
      waiting.set(id, () => {
        clearTimeout(timer)
        resolve(true)
      })
    })
    await write(`${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`)
    if (!(await answer)) talk.broken.push(`over stdio ${method} was not answered after ${talk.sent} messages`)
    waiting.delete(id)
  }
  const ping = () => ask(`ping ${talk.sent}`, 'ping', {})

  function parsed(line: string): { id?: unknown; error?: { code: number } } {
    try {
      return Object(JSON.parse(line))
    } catch {
      talk.broken.push(`stdout held ${JSON.stringify(line.slice(0, 200))}`)
      return {}
    }
  }
  return talk
}
