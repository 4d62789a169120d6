import { type Description, withProperties } from '../core/describe.ts'
import { inputHash } from '../core/journal.ts'
import { parsedInput } from '../core/run.ts'
import { IntercomError, invalidInput, quotedName } from '../errors.ts'
import type { Intercom } from '../intercom.ts'
import type { FormattedOutput } from './compact/format.ts'
import { confirmationQuestion } from './confirmation.ts'
import { held } from './held.ts'
import { type Approve, checkToolOptions, invoke, offerOf, type ToolOptions } from './invoke.ts'
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
  /** Whether a person may have to confirm a call. */
  mayNeedApproval: boolean
  /** Whether a person has to confirm this call: not one that would be refused anyway. */
  needsApproval(given: unknown): boolean
  /** Asks a person about a call, in words that hide nothing of it. */
  question(given: unknown): string
  /** Never rejects. */
  call(given: unknown, options?: ToolCallOptions): Promise<ToolResult>
}

/** The tools that an operator allows. Throws an `IntercomError` on options that name no action or parameter. */
export function callableTools(intercom: Pick<Intercom, 'call'>, options: ToolOptions): CallableTool[] {
  const offer = offerOf(intercom, options)
  return [...offer.tools.values()].map((tool) => ({
    description: { ...tool.description, input_schema: withProperties(tool.description.input_schema) },
    mayNeedApproval: tool.mayNeedApproval,
    needsApproval: (given) => asksAbout(tool, given),
    question: (given) => questionOf(tool, given),
    async call(given, { approved, signal } = {}) {
      const approve: Approve = async (input, look) => {
        if (approved === true) return null
        if (offer.approver === null) throw notApproved()
        return await held(offer.approver, tool)(input, look)
      }
      const { output, structured, text, remark } = await invoke(offer, tool, given, approve, { signal })
      const told = remark === undefined ? text : `${text}\n${remark}`
      return { structured, text: told, isError: !output.success }
    },
  }))
}

/**
 * What to show a person who decides on a call of a tool: all that would be sent, with what they would not see spelt out.
 * `options`: those of the tools. Throws an `IntercomError` on a name that is not among them.
 *
 * @example
 * const text = confirmationText(request.toolCall.toolName, request.toolCall.input, { sends: 'confirm' })
 */
export function confirmationText(name: string, input: unknown, options: ToolOptions = {}): string {
  checkToolOptions(options)
  const { output: _, approvals: __, ...access } = options
  const tool = toolsOf({ toolsets: ['all'], ...access }).find(({ action }) => action.name === name)
  if (tool === undefined) throw invalidInput(`no tool is named ${quotedName(name)}`)
  return questionOf(tool, input)
}

/** What an approval is bound to: a tool and its input. `null` for what cannot be read, which nobody can approve. */
export async function hashOf(name: string, input: unknown): Promise<string | null> {
  return await inputHash(name, input).catch(() => null)
}

function asksAbout(tool: Tool, given: unknown): boolean {
  if (!tool.mayNeedApproval) return false
  try {
    return tool.needsApproval(parsedInput(tool.action, tool.input(given)))
  } catch {
    return false // the call says why it is refused
  }
}

function questionOf(tool: Tool, given: unknown): string {
  let toSend = given
  try {
    toSend = tool.input(given)
    toSend = parsedInput(tool.action, toSend)
  } catch {
    // The call says why.
  }
  return confirmationQuestion(tool.description.title, toSend)
}

function notApproved(): IntercomError {
  return new IntercomError('a person has to confirm this call, and nobody has', {
    code: 'not_confirmed',
    hint: 'Nothing was sent. The program that runs this tool must ask a person first.',
  })
}
