import { actions } from '../actions/index.ts'
import type { AnyAction, Envelope } from '../core/action.ts'
import type { Description } from '../core/describe.ts'
import { failed } from '../core/run.ts'
import { IntercomError } from '../errors.ts'
import type { Intercom } from '../intercom.ts'
import { type Output, type Reading, readingOf } from './compact/output.ts'
import { type Access, toolsOf } from './policy.ts'

/** What an operator says of the tools a model gets. */
export type ToolOptions = Access & {
  /**
   * What tool results hold: `compact` for models, `full` for everything Intercom sent.
   * @default 'compact'
   */
  output?: Output | undefined
}

/** A result for a model: `text` to read, `structured` for programs. On a failure `text` says what to do next. */
export type Answer = Reading & { isError: boolean }

/** What goes with one call, from the program and never from the model. */
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
  /** Never rejects for what the model gave or Intercom answered. */
  call(given: unknown, options?: ToolCallOptions): Promise<Answer>
}

/** The tools that an operator leaves, over one client. Throws an `IntercomError` on names that do not exist. */
export function callableTools(intercom: Pick<Intercom, 'call'>, options: ToolOptions): CallableTool[] {
  const { output: mode, ...access } = options
  return toolsOf(actions as readonly AnyAction[], access).map((tool) => {
    const { action, description, needsApproval } = tool
    async function envelope(given: unknown, { approved, signal }: ToolCallOptions) {
      try {
        const input = tool.input(given ?? {})
        if (needsApproval && approved !== true) throw notApproved()
        return (await intercom.call(action.name as string, input, { signal })).output
      } catch (error) {
        if (!(error instanceof IntercomError)) throw error
        return failed(action, error, (text) => text).output
      }
    }
    async function call(given: unknown, options: ToolCallOptions = {}): Promise<Answer> {
      return answerOf(await envelope(given, options), mode)
    }
    return { description, needsApproval, call }
  })
}

/** An envelope as a model gets it. */
export function answerOf(output: Envelope, mode: Output = 'compact'): Answer {
  return { ...readingOf(output, mode), isError: !output.success }
}

/** Never a way for the model to confirm itself. */
function notApproved(): IntercomError {
  return new IntercomError('a person has to confirm this call, and none has', {
    code: 'not_confirmed',
    hint: 'Nothing was sent. The program that runs this tool must ask a person first.',
  })
}
