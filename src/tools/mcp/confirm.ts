import {
  createRequestStateCodec,
  type InputRequiredResult,
  inputRequired,
  inputResponse,
  type RequestStateCodec,
  type ServerContext,
} from '@modelcontextprotocol/server'
import { inputHash } from '../../core/journal.ts'
import type { Preview } from '../../core/preview.ts'
import { parsedInput } from '../../core/run.ts'
import { IntercomError } from '../../errors.ts'
import { confirmationQuestion } from '../confirmation.ts'
import type { Decision, Look } from '../invoke.ts'
import type { Tool } from '../policy.ts'

/** Seconds a person has to answer. */
const ttlSeconds = 600

/** What a question's state seals: it is good for this call, by its hash, and for one answer. */
type Asked = { call: string; id: string }

/** How a client asks its user: by a form, or by a page that it opens. `askedBy`: its name, as it gives it. */
export type Asking = { context: ServerContext; mode: 'form' | 'url'; askedBy: string | null }

/** The questions of one server to the people behind its clients. `State`: what a question seals. */
export type Confirmations<State = unknown> = {
  verify: (state: string, context: ServerContext) => Promise<State>
  /**
   * `null` when a person has confirmed this very call, else the question to put to them. Throws an
   * `IntercomError` when they said no. The answer comes from the client's user interface; a tool's input holds nothing
   * that could stand for it.
   */
  ask(tool: Tool, input: unknown, look: Look, asking: Asking): Promise<Decision<InputRequiredResult>>
}

/** Questions sealed by a key of this process. An answer to another process's, or a second one, is asked for again. */
export function confirmations(): Confirmations<Asked> {
  let codec: RequestStateCodec<Asked> | undefined
  // Most servers never ask, and a key costs them the start of Web Crypto.
  const sealed = () =>
    (codec ??= createRequestStateCodec<Asked>({
      key: crypto.getRandomValues(new Uint8Array(32)),
      ttlSeconds,
    }))
  const open = new Map<string, number>()

  function forgetOld(): void {
    const now = Date.now()
    for (const [id, until] of open) {
      if (until > now) return // the rest is younger
      open.delete(id)
    }
  }

  return {
    verify: (state, context) => sealed().verify(state, context),
    async ask(tool, input, look, { context }) {
      forgetOld()
      const call = await inputHash(tool.action.name, input)
      const asked = context.mcpReq.requestState<Asked>()
      const answer = inputResponse(context.mcpReq.inputResponses, 'confirm')
      const answered = answer.kind === 'elicit' && asked?.call === call
      if (answered && open.delete(asked.id)) {
        if (answer.action === 'accept' && answer.content?.['confirm'] === true) return null
        throw new IntercomError('a person was asked and did not confirm', {
          code: 'not_confirmed',
          hint: 'Nothing was sent. Do not ask again unless they want you to.',
        })
      }
      const seen = await look()
      if ('answer' in seen) return seen
      const id = crypto.randomUUID()
      open.set(id, Date.now() + ttlSeconds * 1000)
      const requestState = await sealed().mint({ call, id })
      const confirm = confirmationForm(tool, input, seen.preview)
      return { question: inputRequired({ inputRequests: { confirm }, requestState }) }
    },
  }
}

/** A form that asks a person about a call of an input. */
export function confirmationForm(tool: Tool, input: unknown, _preview: Preview | null) {
  return inputRequired.elicit({
    message: confirmationQuestion(tool.description.title, parsedInput(tool.action, input)),
    requestedSchema: {
      type: 'object',
      properties: { confirm: { type: 'boolean', title: 'Send it', default: false } },
      required: ['confirm'],
    },
  })
}
