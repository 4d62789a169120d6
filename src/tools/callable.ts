import { type Description, withProperties } from '../core/describe.ts'
import { inputHash } from '../core/journal.ts'
import { parsedInput } from '../core/run.ts'
import { IntercomError, invalidInput, quotedName } from '../errors.ts'
import type { Intercom } from '../intercom.ts'
import { type About, approvalCard } from './approval/card.ts'
import type { FormattedOutput } from './compact/format.ts'
import { held } from './held.ts'
import { type Approve, invoke, type Look, lookingUp } from './invoke.ts'
import { checkToolOptions, offerOf, type ToolOptions } from './offer.ts'
import { type Tool, toolsOf } from './policy.ts'

/** A result for a model: `text` to read, `structured` for programs. On a failure `text` says what to do next. */
export type ToolResult = FormattedOutput & { isError: boolean }

/** Options of one call, from the program and never from the model. */
export type ToolCallOptions = {
  /** A person has seen this very call and confirmed it. Without it a call that needs approval sends nothing. */
  approved?: boolean | undefined
  /** Ends the call early. */
  signal?: AbortSignal | undefined
}

/** A tool that a framework can offer and call. */
export type CallableTool = {
  description: Description
  /** Whether the program may have to ask a person about a call: not where `approvals` holds what needs one. */
  mayNeedApproval: boolean
  /** Whether a person has to confirm this call: not one that would be refused anyway, or whose object is not there. */
  needsApproval(given: unknown): Promise<boolean>
  /** Asks a person about a call, in words that hide nothing of it. At once, where the client has no previews. */
  question(given: unknown): string | Promise<string>
  /** Never rejects. */
  call(given: unknown, options?: ToolCallOptions): Promise<ToolResult>
}

/** The tools that an operator allows. Throws an `IntercomError` on options that name no action or parameter. */
export function callableTools(intercom: Pick<Intercom, 'call'>, options: ToolOptions): CallableTool[] {
  const offer = offerOf(intercom, options)
  const { approver } = offer
  // Who is asked is asked at once: what was looked up then need not be looked up again.
  const known = new WeakMap<object, ReturnType<Look>>()
  return [...offer.tools.values()].map((tool) => ({
    description: { ...tool.description, input_schema: withProperties(tool.description.input_schema) },
    mayNeedApproval: tool.mayNeedApproval && approver === null,
    async needsApproval(given) {
      const call = tool.mayNeedApproval && approver === null ? sendable(tool, given) : null
      if (call === null || !tool.needsApproval(call.parsed)) return false
      const seen = lookingUp(offer.intercom, tool.action, call.toSend)()
      if (isObject(given)) known.set(given, seen)
      return !('answer' in (await seen))
    },
    question(given) {
      const seen = isObject(given) ? known.get(given) : undefined
      if (isObject(given)) known.delete(given)
      return questionOf(tool, given, offer.intercom, seen)
    },
    async call(given, { approved, signal } = {}) {
      const approve: Approve = async (input, look) => {
        if (approved === true) return null
        if (approver !== null) return await held(approver, tool)(input, look)
        const seen = await look()
        if ('answer' in seen) return seen
        throw notApproved()
      }
      const { output, structured, text, remark } = await invoke(offer, tool, given, approve, { signal })
      const told = remark === undefined ? text : `${text}\n${remark}`
      return { structured, text: told, isError: !output.success }
    },
  }))
}

function isObject(given: unknown): given is object {
  return typeof given === 'object' && given !== null
}

/**
 * What to show a person who decides on a call of a tool: all that would be sent, with what they would not see spelt out.
 * `options`: those of the tools; with `intercom` it also says whom the call reaches and what was said there last, which is
 * looked up. Throws an `IntercomError` on a name that is not among them.
 *
 * @example
 * const text = await confirmationText(toolCall.toolName, toolCall.input, { sends: 'confirm', intercom })
 */
export function confirmationText(
  name: string,
  input: unknown,
  options: ToolOptions & { intercom: Pick<Intercom, 'preview'> },
): Promise<string>
export function confirmationText(name: string, input: unknown, options?: ToolOptions): string
export function confirmationText(
  name: string,
  input: unknown,
  { intercom, ...options }: ToolOptions & { intercom?: Pick<Intercom, 'preview'> } = {},
): string | Promise<string> {
  checkToolOptions(options)
  const { output: _, approvals: __, ...access } = options
  const tool = toolsOf({ toolsets: ['all'], ...access }).find(({ action }) => action.name === name)
  if (tool === undefined) throw invalidInput(`no tool is named ${quotedName(name)}`)
  return questionOf(tool, input, intercom)
}

/** What an approval is bound to: a tool and its input. `null` for what cannot be read, which nobody can approve. */
export async function hashOf(name: string, input: unknown): Promise<string | null> {
  return await inputHash(name, input).catch(() => null)
}

/** What a call would send; `null` for what it refuses. */
function sendable(tool: Tool, given: unknown): { toSend: unknown; parsed: unknown } | null {
  try {
    const toSend = tool.input(given)
    return { toSend, parsed: parsedInput(tool.action, toSend) }
  } catch {
    return null // the call says why
  }
}

function questionOf(
  tool: Tool,
  given: unknown,
  intercom: { preview?: Intercom['preview'] | undefined } = {},
  known?: ReturnType<Look>,
): string | Promise<string> {
  const { toSend, parsed } = sendable(tool, given) ?? { toSend: given, parsed: given }
  const card = (about: About) =>
    approvalCard({ ...tool.action, title: tool.description.title }, parsed, about)
  if (intercom.preview === undefined) return card({})
  const seen = known ?? lookingUp(intercom, tool.action, toSend)()
  return seen.then((one) => card('answer' in one ? { problem: String(one.answer.output.error) } : one))
}

function notApproved(): IntercomError {
  return new IntercomError('a person has to confirm this call, and nobody has', {
    code: 'not_confirmed',
    hint: 'Nothing was sent. The program that runs this tool must ask a person first.',
  })
}
