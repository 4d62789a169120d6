import { randomBytes } from 'node:crypto'
import { accessSync, constants, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import manifest from '../../../package.json' with { type: 'json' }
import { checkedToken, hostOf, isLoopback } from '../../client/credentials.ts'
import type { Report } from '../../compare/index.ts'
import { type Command, interrupted, orUsageError, printJson, say } from '../command.ts'
import { type Credential, connectionFlags, credentialFor, workspaceFlags } from '../connection.ts'
import { type Flags, textIn, UsageError } from '../flags.ts'

/** Between two calls to Intercom, so that a run takes little of the workspace's rate limit. */
const paceMs = 200
/** Between two searches for what was just written. */
const pauseMs = 5_000
/** How long it may take to remove what was made. */
const cleaningMs = 60_000

const flags: Flags = {
  base_url: connectionFlags.base_url,
  ...workspaceFlags,
  report: { type: 'string', description: 'the file to write', default: 'intercom-compare.json' },
  all: { type: 'boolean', description: 'every call that changes nothing, not only those that show most' },
  writes: {
    type: 'string',
    description: 'also write: give the id of your TEST workspace, as check prints it',
  },
}

/** Compares Intercom's answers with the local Intercom's. */
export const compareCommand: Command = {
  usage: '[flags]',
  flags,
  examples: ['compare', 'compare --all --report report.json'],
  async run(values) {
    const file = await reportFile(textIn(values['report']) ?? 'intercom-compare.json')
    const writesTo = textIn(values['writes'])?.trim()
    if (writesTo === '') throw new UsageError('--writes takes the id of a test workspace, as check prints it')
    const { credential: given, close } = await credentialFor(values)
    try {
      return await compared(values, file, writesTo, given)
    } finally {
      close()
    }
  },
}

async function compared(
  values: Record<string, unknown>,
  file: string,
  writesTo: string | undefined,
  { accessToken: token, onRefusedToken, ...host }: Credential,
): Promise<number> {
  const accessToken = checkedToken(typeof token === 'function' ? await token() : token)
  const credential = { accessToken, ...hostOf(host) }
  const { compare, liveWitness, localWitness } = await import('../../compare/index.ts')
  const { createWorkspace } = await import('../../workspace/index.ts')
  const workspace = await createWorkspace({ seed: 150, rateLimit: false })
  const stop = new AbortController()
  void interrupted().then(() => stop.abort())
  const isLocal = isLoopback(new URL(credential.origin).hostname)
  const pace = isLocal ? 0 : paceMs
  const mark = `modulex-compare-${randomBytes(5).toString('hex')}`
  say(
    writesTo === undefined
      ? 'Comparing. Nothing is changed.'
      : `Comparing, with writes. All that is made is named ${mark}.`,
  )
  try {
    const found = await compare({
      live: liveWitness(credential, { paceMs: pace, signal: stop.signal }),
      cleaning: (ask) =>
        liveWitness(credential, { paceMs: pace, signal: AbortSignal.timeout(cleaningMs) })(ask),
      local: localWitness(workspace),
      packageVersion: manifest.version,
      all: values['all'] === true || writesTo !== undefined,
      writesTo,
      mark,
      signal: stop.signal,
      pause: isLocal ? undefined : () => new Promise((resolve) => setTimeout(resolve, pauseMs)),
    })
    if ('refused' in found) {
      const said = found.refused === 'token' ? await onRefusedToken?.(accessToken) : undefined
      const error = `compare: ${typeof said === 'string' ? said : refusals[found.refused]}`
      printJson({ success: false, error })
      say(error)
      return found.refused === 'other_workspace' ? 2 : 1
    }
    writeReport(file, `${JSON.stringify(found, null, 2)}\n`)
    return tell(found, file, mark)
  } finally {
    await workspace.close()
  }
}

const refusals = {
  token: 'Intercom refuses the access token. See: modulex-intercom check',
  no_answer: 'Intercom does not answer GET /me as it should. See: modulex-intercom check',
  other_workspace: 'the access token opens another workspace than --writes names. Nothing was written.',
}

/** The path, once it is sure that the report can be written there. */
async function reportFile(path: string): Promise<string> {
  return await orUsageError(() => {
    accessSync(dirname(path), constants.W_OK)
    if (
      existsSync(path) &&
      !readFileSync(path, 'utf8').startsWith('{\n  "report": "modulex-intercom compare"')
    )
      throw new Error('it exists and is not a report of compare: name another file')
    return path
  }, '--report')
}

/** Readable by its owner alone. It replaces what was there, and follows no link. */
function writeReport(file: string, text: string): void {
  const written = `${file}.${process.pid}`
  rmSync(written, { force: true })
  writeFileSync(written, text, { flag: 'wx', mode: 0o600 })
  renameSync(written, file)
}

function tell(report: Report, file: string, mark: string): number {
  const { calls, differences, questions, complete, left } = report
  for (const { call, kind, where, live, local } of differences)
    say(`${call}: ${kind}${where === '' ? '' : ` at ${where}`}: Intercom ${live}; local ${local}`)
  for (const { question, live, local } of questions)
    if (live !== local) say(`${question}: Intercom ${live}; local ${local}`)
  for (const [kind, count] of Object.entries(left ?? {})) if (count > 0) say(leftOver(kind, count, mark))
  say(
    `${calls.same} the same, ${calls.different} different, ${calls.not_compared} not compared. Report: ${file}`,
  )
  const isClean = Object.values(left ?? {}).every((count) => count === 0)
  const success = complete && isClean && calls.different === 0
  const problem = complete
    ? isClean
      ? 'answers differ'
      : 'something could not be removed'
    : 'the run was ended early'
  printJson({
    success,
    error: success ? null : `compare: ${problem}`,
    calls,
    differences,
    questions,
    ...(left && { left }),
    report: file,
  })
  return success ? 0 : 1
}

function leftOver(kind: string, count: number, mark: string): string {
  if (kind === 'unknown') return `${count} may have been made without an answer. Search for ${mark}.`
  return `${count} of kind ${kind} could not be removed. Search for ${mark} and remove it by hand.`
}
