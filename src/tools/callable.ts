import { type Description, withProperties } from '../core/describe.ts'
import { IntercomError } from '../errors.ts'
import type { Intercom } from '../intercom.ts'
import type { FormattedOutput } from './compact/format.ts'
import { invoke, offerOf, type ToolOptions } from './invoke.ts'

/** A result for a model: `text` to read, `structured` for programs. On a failure `text` says what to do next. */
export type ToolResult = FormattedOutput & { isError: boolean }

/** Options of one call, from the program and never from the model. */
export type ToolCallOptions = {
  /** A person has seen this very call and confirmed it. Without it a tool that `needsApproval` sends nothing. */
  approved?: boolean | undefined
  /** Ends the call early. */
  signal?: AbortSignal | undefined
}

/** A tool that a framework can offer and call. */
export type CallableTool = {
  description: Description
  /** Whether a person has to confirm each call. */
  needsApproval: boolean
  /** What a call would send, to show a person; what was given where that is refused. */
  toSend(given: unknown): unknown
  /** Never rejects. */
  call(given: unknown, options?: ToolCallOptions): Promise<ToolResult>
}

/** The tools that an operator allows. Throws an `IntercomError` on options that name no action or parameter. */
export function callableTools(intercom: Pick<Intercom, 'call'>, options: ToolOptions): CallableTool[] {
  const offer = offerOf(intercom, options)
  return [...offer.tools.values()].map((tool) => ({
    description: { ...tool.description, input_schema: withProperties(tool.description.input_schema) },
    needsApproval: tool.needsApproval,
    toSend(given) {
      try {
        return tool.input(given)
      } catch {
        return given // the call says why
      }
    },
    async call(given, { approved, signal } = {}) {
      const approve = async () => {
        if (approved !== true) throw notApproved()
        return null
      }
      const { output, structured, text } = await invoke(offer, tool, given, approve, { signal })
      return { structured, text, isError: !output.success }
    },
  }))
}

function notApproved(): IntercomError {
  return new IntercomError('a person has to confirm this call, and nobody has', {
    code: 'not_confirmed',
    hint: 'Nothing was sent. The program that runs this tool must ask a person first.',
  })
}
