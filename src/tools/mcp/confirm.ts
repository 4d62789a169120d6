import {
  createRequestStateCodec,
  type ElicitRequestFormParams,
  type InputRequiredResult,
  type InputResponseView,
  inputRequired,
  inputResponse,
  type RequestStateCodec,
  type ServerContext,
} from '@modelcontextprotocol/server'
import { inputHash } from '../../core/journal.ts'
import type { Preview } from '../../core/preview.ts'
import { parsedInput } from '../../core/run.ts'
import { IntercomError, sentences, shortened, textOf } from '../../errors.ts'
import { type Asked as AskedBy, approvalCard } from '../approval/card.ts'
import type { Decision, Look } from '../invoke.ts'
import type { Tool } from '../policy.ts'

/** Seconds a person has to answer. */
const ttlSeconds = 600

/**
 * What a question's state seals: it is good for this call, by its hash, and for one answer. `edits`: the parameter whose
 * text the person may change.
 */
type Asked = { call: string; id: string; edits: string | null }

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
    async ask(tool, input, look, { context, askedBy }) {
      forgetOld()
      const call = await inputHash(tool.action.name, input)
      const asked = context.mcpReq.requestState<Asked>()
      const answer = inputResponse(context.mcpReq.inputResponses, 'confirm')
      if (answer.kind === 'elicit' && asked?.call === call && open.delete(asked.id))
        return decided(tool, input, answer, asked.edits)
      const seen = await look()
      if ('answer' in seen) return seen
      const id = crypto.randomUUID()
      const since = Date.now()
      open.set(id, since + ttlSeconds * 1000)
      const edits = editable(tool, input, seen.preview)?.name ?? null
      const requestState = await sealed().mint({ call, id, edits })
      const confirm = confirmationForm(tool, input, seen.preview, { caller: null, client: askedBy, since })
      return { question: inputRequired({ inputRequests: { confirm }, requestState }) }
    },
  }
}

/** A form that asks a person about a call of an input. */
export function confirmationForm(tool: Tool, input: unknown, preview: Preview | null, asked: AskedBy) {
  const toSend = parsedInput(tool.action, input)
  const message = approvalCard({ ...tool.action, title: tool.description.title }, toSend, { preview, asked })
  return inputRequired.elicit({ message, requestedSchema: form(editable(tool, input, preview)) })
}

type Text = { name: string; text: string }

/** The text that a person may change: not one that the operator of the server has set. */
export function editable({ description }: Tool, input: unknown, preview: Preview | null): Text | null {
  const name = preview?.textParameter ?? ''
  const text = (input as Record<string, unknown>)[name]
  return typeof text === 'string' && name in description.parameters ? { name, text } : null
}

function form(edits: Text | null): ElicitRequestFormParams['requestedSchema'] {
  const text = {
    type: 'string',
    title: 'Another text',
    description: 'Change it here to send another text; if you leave it empty, the original is sent',
  } as const
  const reason = {
    type: 'string',
    title: 'Reason',
    description: 'If you do not send it: why; whoever asked for it is told',
  } as const
  return {
    type: 'object',
    properties: {
      confirm: { type: 'boolean', title: 'Send it', default: false },
      ...(edits === null ? {} : { text: { ...text, default: edits.text } }),
      reason,
    },
    required: ['confirm'],
  }
}

type Elicited = Extract<InputResponseView, { kind: 'elicit' }>

/** Some clients accept by themselves: only the box counts, which a person has to tick. */
function decided(
  tool: Tool,
  input: unknown,
  { action, content = {} }: Elicited,
  edits: string | null,
): Decision {
  const { confirm, text, reason } = content
  if (action !== 'accept' || confirm !== true) throw declined(reason)
  const before = input as Record<string, unknown>
  if (edits === null || !isChanged(text, String(before[edits]))) return null
  const edited = { ...before, [edits]: text }
  refuseUnsendable(tool, edited)
  const quoted = JSON.stringify(shortened(String(text), maxQuoted))
  return { edited, remark: `A person changed ${edits} before they confirmed this call, to ${quoted}.` }
}

const [maxQuoted, maxReason] = [2000, 500]

/** Whether a form holds another text. An empty one does not; forms change line ends, and trim. */
export function isChanged(text: unknown, before: string): boolean {
  if (text === undefined || text === null) return false
  const plain = (one: string) => one.replaceAll('\r\n', '\n').trim()
  return typeof text !== 'string' || (text.trim() !== '' && plain(text) !== plain(before))
}

function refuseUnsendable(tool: Tool, edited: unknown): void {
  try {
    parsedInput(tool.action, edited)
  } catch (error) {
    const said = error instanceof IntercomError ? error.message : textOf(error)
    throw new IntercomError(`a person changed the text to one that cannot be sent: ${said}`, {
      code: 'not_confirmed',
      hint: 'Nothing was sent. Call again to ask them again.',
    })
  }
}

function declined(reason: unknown): IntercomError {
  const given = typeof reason === 'string' ? reason.trim() : ''
  const said = given === '' ? null : `They said: ${JSON.stringify(shortened(given, maxReason))}`
  return new IntercomError('a person was asked and did not confirm', {
    code: 'not_confirmed',
    hint: `${sentences(said, 'Nothing was sent', 'Do not ask again unless they want you to')}.`,
  })
}
