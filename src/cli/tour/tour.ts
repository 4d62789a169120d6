import type { Intercom } from '../../intercom.ts'
import { say } from '../print.ts'
import { plainHttp } from './plain.ts'
import { type AnyStep, type Found, steps } from './steps.ts'

/** Runs every action on a workspace, a line each; answers how many succeeded and were seen over plain HTTP. */
export async function tour(intercom: Intercom, at: { url: string; accessToken: string }): Promise<number> {
  const plain = plainHttp(at.url, at.accessToken)
  const found: Found = { admin: '', tag: '', contact: '', conversation: '' }
  let succeeded = 0
  for (const [name, step] of Object.entries<AnyStep>(steps)) {
    const started = performance.now()
    const output = await intercom.run(name, step.input(found))
    const took = performance.now() - started
    const { mark, text } = await judged(() => step.check(output as never, found, plain), output.error)
    if (mark === '✓') succeeded++
    say(`${mark} ${name.padEnd(24)} ${took.toFixed(1).padStart(7)} ms  ${text}`)
  }
  return succeeded
}

async function judged(
  check: () => Promise<string>,
  error: string | null,
): Promise<{ mark: string; text: string }> {
  if (error !== null) return { mark: '✗', text: error }
  try {
    return { mark: '✓', text: await check() }
  } catch (problem) {
    return { mark: '✗', text: problem instanceof Error ? problem.message : String(problem) }
  }
}
