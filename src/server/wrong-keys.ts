import type { Refusal } from './refusal.ts'

/** Wrong keys from one network within a minute. */
const mostWrong = 10
const minuteMs = 60_000
/** Wrong keys that are remembered, of all networks. */
const mostKept = 10_000

export type WrongKeys = ReturnType<typeof wrongKeys>

/**
 * Limits wrong keys by the network they come from, wherever one is tried. It is asked only of keys that are wrong: whoever
 * has a right one is let in however many wrong ones came from their network, which may be that of a proxy. `now`: in ms.
 */
export function wrongKeys(now = () => performance.now()) {
  const came: { network: string; at: number }[] = []
  return {
    /** Counts one; answers its refusal, or, after too many, that of all. */
    refused(network: string, refusal: Refusal): Refusal {
      while (came[0] !== undefined && came[0].at + minuteMs <= now()) came.shift()
      const last = came.filter((one) => one.network === network).at(-mostWrong)
      if (last !== undefined) return tooMany(Math.ceil((last.at + minuteMs - now()) / 1000))
      came.push({ network, at: now() })
      if (came.length > mostKept) came.shift()
      return refusal
    },
  }
}

function tooMany(seconds: number): Refusal {
  return {
    status: 429,
    code: 'too_many_wrong_keys',
    error: `Too many wrong keys came from your network; a right one is still taken. Try again in ${seconds} s.`,
    headers: { 'Retry-After': String(seconds) },
  }
}
