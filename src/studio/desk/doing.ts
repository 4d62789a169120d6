import { useLayoutEffect } from 'preact/hooks'
import { type Asked, type Doings, doingsOfMany } from '../shell/doing.ts'
import { say, warn } from '../shell/said.tsx'
import { messageOf, Refused } from '../shell/server.ts'

/** What something is done to: its key, its name for a person, and its path below /studio. */
export type About = { key: string; name: string; to: string }

export type Doing = {
  all: Doings
  isPending(key: string): boolean
  /** Does something in its turn, and answers whether it worked. `done` is said then. */
  run(asked: Asked & { done?: string }, work: () => Promise<unknown>): Promise<boolean>
}

/** Something that is not tried, since what it depends on went wrong. */
export class Skipped extends Error {}

const known = doingsOfMany()

/** What is done to one thing. It goes on, and what comes of it is told, also when somebody looks at something else. */
export function useDoing({ key, name, to }: About): Doing {
  const all = known.of(key)
  useLayoutEffect(() => known.look(key), [key])
  return {
    all,
    isPending: (key) => all.pending.value.some((one) => one.key === key),
    async run({ done, ...asked }, work) {
      const isDone = await known.of(key).ask(asked, work, (error) => {
        const sentence = sentenceOf(asked.what, error)
        if (!known.isLookedAt(key)) warn(`${name}: ${sentence}`, to)
        return sentence
      })
      if (isDone && done !== undefined) say(known.isLookedAt(key) ? done : `${name}: ${done}`)
      known.forget(key)
      return isDone
    },
  }
}

/** Whether Intercom may have done it although its answer is an error or none. */
export function isUnknown(error: unknown): boolean {
  return !(error instanceof Refused) || error.status === 0 || error.status >= 500 || error.status === 408
}

function sentenceOf(what: string, error: unknown): string {
  const said = messageOf(error)
  if (error instanceof Skipped) return said
  if (!isUnknown(error)) return `${what} was not accepted. ${said}`
  return `It is not known whether ${what.charAt(0).toLowerCase()}${what.slice(1)} took effect. ${said} Look before you try again.`
}
