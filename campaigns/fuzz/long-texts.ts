import { actionNamed } from '../../src/actions/toolsets.ts'
import { type Fuzzed, fuzzed, type Took } from '../../test/support/fuzzed.ts'
import { goodCalls } from '../../test/support/good-calls.ts'
import type { Step } from '../../test/support/hostile-answers.ts'
import { longPatterns, textParameters, toolsetTextParameters } from '../../test/support/hostile-calls.ts'
import type { Tried } from './hostile.ts'
import { Slowest } from './slowest.ts'

const large = 1_000_000
const factor = 4
/** A call with a million characters takes no longer, ms. */
const longestMs = 5000
/**
 * Four times the text may take so many times the work (16 would be quadratic), where it is much at all, ms: `JSON.parse`
 * reads brackets nested 250,000 deep in 4 ms, a million in 170, four million in 1,500, which is a step and not a square.
 */
const growth = { factor: 10, from: 500 }

/** One way to bring a long text to a place that reads it. */
type Way = { name: string; call(target: Fuzzed, text: string): Promise<Took> }

const asInput: Way[] = [...textParameters, ...toolsetTextParameters].map(([name, parameter, make]) => ({
  name: `${name} ${parameter}`,
  call: (target, text) => target.call(name, make(text)),
}))

const fine: Step = { status: 200, kind: 'json', changes: [], other: '' }
const lost: Step = { ...fine, kind: 'reset' }
/** The answer is lost, so that the text is compared with what the server shows. */
const readBack: Way[] = goodCalls
  .filter(
    ([name, { body }]) =>
      body !== undefined && actionNamed(name)?.verify && name !== 'send_message_to_contact',
  )
  .map(([name, input]) => ({
    name: `${name} body, read back`,
    call: (target, text) => {
      const script = name === 'send_incoming_message' ? [fine, lost] : [lost]
      return target.call(name, { ...input, body: text }, script)
    },
  }))

const trials = [...readBack, ...asInput].flatMap((way) =>
  Object.entries(longPatterns).map(([kind, pattern]) => ({ way, kind, pattern })),
)
/** How many texts there are to try. */
export const longTextCount = trials.length

/**
 * Every text parameter with a million characters of each kind: bounded, and not quadratic. The seed says where to
 * begin, so that short runs come to see all.
 */
export async function longTexts(seconds: number, seed: number): Promise<Tried> {
  const target = await fuzzed()
  const slowest = new Slowest()
  const begun = performance.now()
  const broken: string[] = []
  let count = 0
  // A prime step visits all in an order that mixes ways and kinds.
  for (let at = seed; count < trials.length && performance.now() - begun < seconds * 1000; at += 101) {
    const trial = trials[at % trials.length]
    if (trial === undefined) break
    const measured = await measure(target, trial.way, trial.pattern)
    const what = `${trial.way.name}, ${trial.kind}`
    count++
    slowest.saw(what, measured.large.ms)
    if (tooSlow(measured)) broken.push(`${what}: ${JSON.stringify(measured)}`)
  }
  await target.close()
  return { count, seconds: (performance.now() - begun) / 1000, slowest: String(slowest), broken }
}

type Measured = { small: Took; large: Took }

/** The least of up to six measurements: other work on the machine is no fault. */
async function measure(target: Fuzzed, way: Way, pattern: string): Promise<Measured> {
  const took = (length: number) => way.call(target, pattern.repeat(Math.ceil(length / pattern.length)))
  let best = { small: await took(large / factor), large: await took(large) }
  for (let again = 0; again < 5 && tooSlow(best); again++) {
    best = {
      small: least(best.small, await took(large / factor)),
      large: least(best.large, await took(large)),
    }
  }
  return best
}

function least(a: Took, b: Took): Took {
  return { ms: Math.min(a.ms, b.ms), cpuMs: Math.min(a.cpuMs, b.cpuMs) }
}

function tooSlow({ small, large }: Measured): boolean {
  return large.ms > longestMs || (large.cpuMs > growth.from && large.cpuMs > small.cpuMs * growth.factor)
}
