import { actions } from '../../actions/index.ts'
import { createIntercom, type Intercom } from '../../intercom.ts'
import { type Command, interrupted, orUsageError, printJsonLine, say } from '../command.ts'
import { portFrom, textIn } from '../flags.ts'
import { adminKey, ownAdminKey } from '../keys.ts'
import { localStudio } from '../studio/local.ts'
import { plainHttp } from '../tour/plain.ts'
import { type AnyStep, type Found, steps } from '../tour/steps.ts'

/** A local Intercom with demo data, shown by a tour of every action. */
export const startCommand: Command = {
  usage: '[flags]',
  flags: {
    port: { type: 'integer', description: 'port on 127.0.0.1; 0 picks a free one', default: 0 },
    fixtures: {
      type: 'string',
      description: 'a file that declares a workspace, instead of demo data (docs/fixtures.md)',
    },
    exit: {
      type: 'boolean',
      description: 'exit after the tour, with status 0 only if every action succeeded',
    },
  },
  examples: ['start', 'start --exit --fixtures shop.yaml'],
  async run(values) {
    const { createWorkspace } = await import('../../workspace/index.ts')
    const fixtures = textIn(values['fixtures'])
    const filled = fixtures === undefined ? { seed: 'small' as const } : { fixtures }
    const key = adminKey() ?? ownAdminKey()
    const workspace = await orUsageError(() => createWorkspace({ ...filled, adminKey: key }))
    const { url, accessToken } = await orUsageError(() => workspace.listen({ port: portFrom(values) }))
    say(
      `A local Intercom with ${fixtures ?? 'demo data'} listens on ${url}. Each line: an action, and what plain HTTP shows afterwards.\n`,
    )
    const intercom = createIntercom({ accessToken, baseUrl: url })
    const succeeded = await tour(intercom, { url, accessToken })
    const complete = succeeded === actions.length
    say(`\n${succeeded} of ${actions.length} actions succeeded, each one checked over plain HTTP.`)
    const open = () => localStudio(workspace, { url, adminKey: key, port: 0, values: {} })
    const studio = values['exit'] === true ? null : await orUsageError(open)
    printJsonLine({ url, access_token: accessToken, ...(studio && { studio: studio.link() }) })
    if (studio !== null) {
      say('The local Intercom keeps running. Press Ctrl-C to stop it.')
      const stopOffering = studio.offerLinks()
      await interrupted()
      stopOffering()
      await studio.close()
    }
    await workspace.close()
    return complete ? 0 : 1
  },
}

/** Runs every action on a workspace, a line each; answers how many succeeded and had their effect seen over plain HTTP. */
async function tour(intercom: Intercom, at: { url: string; accessToken: string }): Promise<number> {
  const plain = plainHttp(at.url, at.accessToken)
  const found: Found = { admin: '', tag: '', contact: '', conversation: '' }
  let succeeded = 0
  for (const [name, step] of Object.entries<AnyStep>(steps)) {
    const started = performance.now()
    const output = await intercom.run(name, step.input(found))
    const took = performance.now() - started
    const { mark, text } = await judged(() => step.check(output as never, found, plain), output.error)
    if (mark === '✓') succeeded++
    const line = `${mark} ${name.padEnd(24)} ${took.toFixed(1).padStart(7)} ms  ${text}`
    say(line, mark === '✓' ? 'green' : 'red')
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
