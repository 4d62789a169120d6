import { actionNamed } from '../../../actions/toolsets.ts'
import type { Result } from '../../../core/action.ts'
import { idsOnly } from '../../../core/receipt.ts'
import type { Step } from '../../../core/story.ts'
import type { Failure } from '../../../errors.ts'
import type { Intercom } from '../../../intercom.ts'

/** Calls of one caller that are remembered. */
const mostCalls = 500
const mostSteps = 60
/** Characters of an input that is kept. */
const longestInput = 64 * 1024

/** A call that writes, as this process has seen it. Of its answer the ids are kept. */
export type LoggedCall = {
  id: string
  /** Grows with every call. */
  seq: number
  action: string
  /** Its idempotency key, as the journal has it. */
  key: string | null
  /** Whether it held the operation of that key: it is then shown with what the journal has. */
  owns: boolean
  begun_at: number
  ended_at: number | null
  steps: Step[]
  result: Result | null
  /** Its input as it was given, for a call under a key that may be looked for; never shown. */
  input?: unknown
}

/** The calls of one caller that write, in memory: the last ones, those that run, and those that were refused. */
export type SendLog = {
  /** The same client, whose calls are remembered. */
  watched<Client extends Pick<Intercom, 'call'>>(intercom: Client): Client & Refusable
  /** The newest first. */
  calls(): LoggedCall[]
  get(id: string): LoggedCall | undefined
  byKey(key: string): LoggedCall | undefined
  listen(changed: (call: LoggedCall) => void): () => void
}

/** Takes calls that were refused before they reached the client. */
export type Refusable = { refused(name: string, failure: Failure): void }

export function sendLog(): SendLog {
  const calls = new Map<string, LoggedCall>() // the oldest first
  const listeners = new Set<(call: LoggedCall) => void>()
  let last = 0

  function begin(action: string, key: string | null): LoggedCall {
    for (const [id, { ended_at }] of calls) {
      if (calls.size < mostCalls) break
      if (ended_at !== null) calls.delete(id)
    }
    last += 1
    const id = `call_${crypto.randomUUID()}`
    const own = { id, seq: last, action, key, owns: false, begun_at: Date.now() }
    const call: LoggedCall = { ...own, ended_at: null, steps: [], result: null }
    calls.set(id, call)
    return call
  }

  function changed(call: LoggedCall): void {
    for (const listener of listeners) listener(call)
  }

  function took(call: LoggedCall, step: Step): void {
    if (call.steps.length < mostSteps) call.steps.push(step)
    if (call.key !== null && !call.owns && (step.step === 'recorded' || step.step === 'interrupted')) {
      const before = byKey(call.key)
      if (before !== undefined) calls.delete(before.id)
      call.owns = true
    }
    if (step.step !== 'replayed') changed(call)
  }

  function end(call: LoggedCall, { output, failure }: Result, input: unknown): void {
    call.ended_at = Date.now()
    const isOpen = call.key !== null && failure?.outcome === 'unknown'
    if (isOpen && JSON.stringify(input ?? {}).length <= longestInput) call.input = input ?? {}
    call.result = { output: idsOnly(output, null), failure }
    if (call.steps.some(({ step }) => step === 'replayed'))
      calls.delete(call.id) // it is the one that was recorded
    else changed(call)
  }

  const byKey = (key: string) => [...calls.values()].findLast((one) => one.owns && one.key === key)

  return {
    watched(intercom) {
      const call = async (name: string, input?: unknown, options: Parameters<Intercom['call']>[2] = {}) => {
        const isRead = (actionNamed(name)?.effect ?? 'read') === 'read'
        if (isRead || options.dryRun) return await intercom.call(name, input, options)
        const one = begin(name, options.idempotencyKey ?? null)
        const onStep = (step: Step) => {
          took(one, step)
          options.onStep?.(step)
        }
        const result = await intercom.call(name, input, { ...options, onStep })
        // A refused look is not a send.
        if (options.onlyLook && !one.owns) calls.delete(one.id)
        else end(one, result, input)
        return result
      }
      const refused = (name: string, failure: Failure) => {
        const isWrite = (actionNamed(name)?.effect ?? 'read') !== 'read'
        if (!isWrite || failure.approval !== undefined) return // a held call is shown by its approval
        const output = { success: false, error: failureText(name, failure) } as const
        end(begin(name, null), { output, failure }, null)
      }
      return { ...intercom, call: call as Intercom['call'], refused } // the same function, seen by a name known at run time
    },
    calls: () => [...calls.values()].reverse(),
    get: (id) => calls.get(id),
    byKey,
    listen(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}

function failureText(name: string, { code, hint }: Failure): string {
  return `${name}: ${code}.${hint === null ? '' : ` ${hint}`}`
}
