import { type CallOptions, createIntercom, type IntercomOptions, type OnUnknown } from '../../src/index.ts'
import { officialSdk } from './official-sdk.ts'
import { bodyOf, emailOf, plainBodyOf, type Report, type Send, type Sender } from './send.ts'

/** Where to send, and how long to wait for an answer and, in all, for a call. */
export type Host = { url: string; accessToken: string; timeoutMs: number; deadlineMs: number }

/** Default 2,000 and 8,000 ms, scaled down. */
export const settleMs = [40, 160]

/** This package. With a journal, sends have an id of their own. */
export function ours(
  { url, accessToken, timeoutMs, deadlineMs }: Host,
  onUnknown: OnUnknown,
  options: Pick<IntercomOptions, 'journal' | 'settleMs'> = {},
): Sender {
  const intercom = createIntercom({
    baseUrl: url,
    accessToken,
    timeoutMs,
    deadlineMs,
    settleMs,
    onUnknown,
    ...options,
  })
  return {
    send: async (send, idempotencyKey) => {
      const { failure } = await call(send, { idempotencyKey })
      if (failure === null) return 'success'
      return failure.outcome === 'unknown' ? 'unknown' : 'refused'
    },
    close: () => intercom.close(),
  }

  function call(send: Send, options: CallOptions) {
    const { contact_id, conversation_id, admin_id } = send.target
    const reply = { conversation_id, body: bodyOf(send) }
    switch (send.kind) {
      case 'reply':
        return intercom.call('reply_to_conversation', { ...reply, reply_type: 'admin', admin_id }, options)
      case 'conversation_note': {
        const note = { ...reply, reply_type: 'admin', message_type: 'note', admin_id } as const
        return intercom.call('reply_to_conversation', note, options)
      }
      case 'user_reply':
        return intercom.call(
          'reply_to_conversation',
          { ...reply, reply_type: 'user', intercom_user_id: contact_id },
          options,
        )
      case 'note':
        return intercom.call('create_note', { contact_id, body: bodyOf(send) }, options)
      case 'incoming':
        return intercom.call('send_incoming_message', { contact_id, body: plainBodyOf(send) }, options)
      case 'message': {
        const message = { from_admin_id: admin_id, to_contact_id: contact_id, subject: '' }
        return intercom.call('send_message_to_contact', { ...message, body: bodyOf(send) }, options)
      }
      case 'lead':
      case 'user':
        return intercom.call('upsert_contact', { email: emailOf(send), role: send.kind }, options)
    }
  }
}

/** The SDK has no time limit for the body of an answer: its caller loses patience after so long. */
const patienceMs = 6000

/**
 * The official SDK with its defaults. What it throws says only sometimes what became of the request: a 4xx other
 * than 408 is taken for a refusal, all else for not knowing.
 */
export async function official({ url, accessToken, timeoutMs }: Host): Promise<Sender> {
  const client = await officialSdk(url, accessToken, timeoutMs)
  return {
    send: async (send) => {
      try {
        await call(send, { abortSignal: AbortSignal.timeout(patienceMs) })
        return 'success'
      } catch (error) {
        return reportOf(error)
      }
    },
    close: async () => {},
  }

  async function call(send: Send, options: { abortSignal: AbortSignal }): Promise<unknown> {
    const { contact_id, conversation_id, admin_id } = send.target
    const body = bodyOf(send)
    switch (send.kind) {
      case 'reply':
      case 'conversation_note': {
        const message_type = send.kind === 'reply' ? 'comment' : 'note'
        const reply = { message_type, type: 'admin', admin_id, body } as const
        return await client.conversations.reply({ conversation_id, body: reply }, options)
      }
      case 'user_reply': {
        const reply = { message_type: 'comment', type: 'user', intercom_user_id: contact_id, body } as const
        return await client.conversations.reply({ conversation_id, body: reply }, options)
      }
      case 'note':
        return await client.notes.create({ contact_id, body }, options)
      case 'incoming': {
        const message = { from: { type: 'user', id: contact_id }, body: plainBodyOf(send) } as const
        return await client.conversations.create(message, options)
      }
      case 'message': {
        const to = { type: 'user', id: contact_id } as const
        const message = { message_type: 'inapp', subject: '', body, template: 'personal', to } as const
        return await client.messages.create(
          { ...message, from: { type: 'admin', id: Number(admin_id) } },
          options,
        )
      }
      case 'lead':
      case 'user': {
        const email = emailOf(send)
        const query = { field: 'email', operator: '=', value: email } as const
        const { data } = await client.contacts.search({ query }, options)
        if (data[0]?.id === undefined)
          return await client.contacts.create({ role: send.kind, email }, options)
        return await client.contacts.update({ contact_id: data[0].id, email }, options)
      }
    }
  }
}

function reportOf(error: unknown): Report {
  const code = error instanceof Error && 'statusCode' in error ? error.statusCode : undefined
  const status = typeof code === 'number' ? code : 0
  return status >= 400 && status < 500 && status !== 408 ? 'refused' : 'unknown'
}
