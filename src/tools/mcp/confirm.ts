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
import { parsedInput } from '../../core/run.ts'
import { IntercomError, sentences, shortened, textOf } from '../../errors.ts'
import { approvalCard } from '../approval/card.ts'
import type { Decision, Look } from '../invoke.ts'
import type { Tool } from '../policy.ts'

/** Seconds a person has to answer. */
const ttlSeconds = 600

/**
 * What a question's state seals: it is good for this call, by its hash, and for one answer. `edits`: the parameter whose
 * text the person may change.
 */
type Asked = { call: string; id: string; edits: string | null }

/** The questions of one server to the people behind its clients. */
export type Confirmations = {
  verify: (state: string, context: ServerContext) => Promise<Asked>
  /**
   * `null` when a person has confirmed this very call, else the question to put to them. Throws an
   * `IntercomError` when they said no, and for an input that could not be sent anyway. The answer comes from the
   * client's user interface; a tool's input holds nothing that could stand for it. `client`: its name, as it gives it.
   */
  ask(
    tool: Tool,
    input: unknown,
    look: Look,
    context: ServerContext,
    client: string | null,
  ): Promise<Decision<InputRequiredResult>>
}

/** Questions sealed by a key of this process. An answer to another process's, or a second one, is asked for again. */
export function confirmations(): Confirmations {
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
    async ask(tool, input, look, context, client) {
      forgetOld()
      const call = await inputHash(tool.action.name, input)
      const asked = context.mcpReq.requestState<Asked>()
      const answer = inputResponse(context.mcpReq.inputResponses, 'confirm')
      if (answer.kind === 'elicit' && asked?.call === call && open.delete(asked.id))
        return decided(tool, input, answer, asked.edits)
      const toSend = parsedInput(tool.action, input)
      const seen = await look()
      if ('answer' in seen) return seen
      const { preview } = seen
      const edits = editable(tool, toSend, preview?.textParameter)
      const id = crypto.randomUUID()
      open.set(id, Date.now() + ttlSeconds * 1000)
      const requestState = await sealed().mint({ call, id, edits: edits?.name ?? null })
      const about = { preview, asked: { caller: null, client, since: Date.now() } }
      const message = approvalCard({ ...tool.action, title: tool.description.title }, toSend, about)
      const confirm = inputRequired.elicit({ message, requestedSchema: form(edits) })
      return { question: inputRequired({ inputRequests: { confirm }, requestState }) }
    },
  }
}

type Text = { name: string; text: string }

/** The text that a person may change: not one that the operator of the server has set. */
function editable({ description }: Tool, toSend: unknown, name: string | null | undefined): Text | null {
  const text = typeof name === 'string' ? (toSend as Record<string, unknown>)[name] : undefined
  return typeof name === 'string' && typeof text === 'string' && name in description.parameters
    ? { name, text }
    : null
}

function form(edits: Text | null): ElicitRequestFormParams['requestedSchema'] {
  const text = {
    type: 'string',
    title: 'Another text',
    description: 'To send another text, change it here; left empty, it is sent as it is',
  } as const
  const reason = {
    type: 'string',
    title: 'Reason',
    description: 'If you do not send it: what whoever asked for it is told',
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
  if (edits === null || text === undefined || text === null) return null
  if (typeof text !== 'string') throw declined(undefined)
  const before = input as Record<string, unknown>
  if (text.trim() === '' || isSame(text, String(before[edits]))) return null
  const edited = { ...before, [edits]: text }
  refuseUnsendable(tool, edited)
  const quoted = JSON.stringify(shortened(text, maxQuoted))
  return { edited, remark: `A person changed ${edits} before they confirmed this call, to ${quoted}.` }
}

const [maxQuoted, maxReason] = [2000, 500]

/** Forms change line ends, and trim. */
function isSame(text: string, before: string): boolean {
  const plain = (one: string) => one.replaceAll('\r\n', '\n').trim()
  return plain(text) === plain(before)
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
