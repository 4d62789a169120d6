import { mkdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { Sender, WorkspaceCheck } from '../../bulk/index.ts'
import { createClient } from '../../client/client.ts'
import { connectionOf } from '../../client/credentials.ts'
import { tokenOwner } from '../../client/token-owner.ts'
import type { AnyAction } from '../../core/action.ts'
import { Memory } from '../../core/memory.ts'
import { portTo } from '../../core/port.ts'
import { errorText } from '../../core/run.ts'
import { openJournal } from '../../core/sqlite-journal.ts'
import { IntercomError } from '../../errors.ts'
import type { IntercomOptions } from '../../intercom.ts'
import { say } from '../command.ts'
import { connect, credentialIfAny } from '../connection.ts'
import { UsageError } from '../flags.ts'
import { type Asking, openAsking } from './asking.ts'

/** Waiting for the rate limit never fails a row within this, ms. */
const deadlineMs = 10 * 60_000

/** The client of a job, after Intercom has said which workspace the token belongs to. */
export async function senderFor(
  action: AnyAction,
  values: Record<string, unknown>,
  more: IntercomOptions,
  journal: string,
  asking: Asking | null,
): Promise<Sender> {
  const opened = openJournal(journal)
  const connected = connect(values, { ...more, journal: opened, deadlineMs })
  const { intercom, options, close } = await connected.catch((error: unknown) => {
    opened.close()
    throw error
  })
  let asked: Awaited<ReturnType<typeof openAsking>> | undefined
  const end = async () => {
    asked?.close()
    await intercom.close()
    opened.close()
    await close()
  }
  try {
    if (asking !== null) asked = await openAsking(asking, intercom, journal)
    const credential = connectionOf(options)
    const { app } = await tokenOwner(credential, options.rateLimitFile).ask()
    return {
      workspace: { origin: credential.origin, app },
      async call(input, idempotencyKey, caller) {
        const answer = asked?.needs(input) ? await asked.call(input, idempotencyKey, caller) : null
        if (answer !== null) return answer
        const { output, failure, trace } = await intercom.call(
          action.name,
          input,
          idempotencyKey === undefined ? {} : { idempotencyKey },
        )
        return { output, failure, request_id: failure === null ? trace.request_id : failure.request_id }
      },
      check: inputCheck(action, options),
      isBegun: opened.holds,
      close: end,
    }
  } catch (error) {
    await end()
    if (!(error instanceof IntercomError)) throw error
    throw new IntercomError(`bulk: ${errorText(error)}`, { code: 'not_connected' })
  }
}

/**
 * Checks inputs by what their workspace defines, such as custom attributes. Undefined where the action has no such
 * check; it says so once, and refuses nothing, where Intercom cannot be asked.
 */
function inputCheck({ check }: AnyAction, options: IntercomOptions): WorkspaceCheck | undefined {
  if (check === undefined) return undefined
  const { rateLimitFile } = options
  const client = createClient({
    credentials: connectionOf(options),
    timeoutMs: 30_000,
    hooks: {},
    rateLimitFile,
  })
  const port = portTo((request) => client.open(deadlineMs, undefined).send(request))
  const memory = new Memory()
  let isAsked = true
  return async (parsed) => {
    if (!isAsked) return null
    try {
      await check(port, parsed as never, memory) // its schema has parsed it
      return null
    } catch (error) {
      if (!(error instanceof IntercomError)) throw error
      if (error.code === 'invalid_input') return error
      isAsked = false
      say(
        `Rows were not checked against the workspace's custom attributes: ${client.redact(errorText(error))}`,
      )
      return null
    }
  }
}

/** The same for a command that sends nothing; without an access token there is nobody to ask. */
export async function openInputCheck(
  action: AnyAction,
  values: Record<string, unknown>,
): Promise<{ check: WorkspaceCheck | undefined; close(): Promise<void> }> {
  const close = async () => {}
  if (action.check === undefined) return { check: undefined, close }
  if (values['local'] !== true && !(await isSaid(values))) {
    let isTold = false
    const check = async (parsed: unknown) => {
      if (!isTold && Object(parsed).custom_attributes !== undefined) {
        say('No access token: custom attributes are not checked against the workspace.')
        isTold = true
      }
      return null
    }
    return { check, close }
  }
  const connected = await connect({ ...values, dry_run: true })
  const end = async () => {
    await connected.intercom.close()
    await connected.close()
  }
  return { check: inputCheck(action, connected.options), close: end }
}

/** Whether the command line or the environment says whom to ask. */
async function isSaid(values: Record<string, unknown>): Promise<boolean> {
  const found = await credentialIfAny(values)
  found?.close()
  return found !== null
}

/** The file by which all bulk jobs of this user share each token's rate limit; its folder is created if missing. */
export function defaultRateLimitFile(env: NodeJS.ProcessEnv): string {
  const state = env['XDG_STATE_HOME'] || join(homedir(), '.local', 'state')
  const folder = join(state, 'modulex-intercom')
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new UsageError(`${folder} cannot be created (${why}); give a file with --rate-limit-file`)
  }
  return join(folder, 'rate-limit.db')
}

/** Spaces calls evenly: each resolves when it may go, in the order they came. */
export function throttle(perSecond: number): () => Promise<void> {
  let next = 0
  return async () => {
    const now = performance.now()
    const start = Math.max(now, next)
    next = start + 1000 / perSecond
    if (start > now) await new Promise((resolve) => setTimeout(resolve, start - now))
  }
}
