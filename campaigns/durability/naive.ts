import { IntercomClient } from 'intercom-client'
import { bodyOf, type Report, type Send } from '../reliability/send.ts'

/** The official SDK as its README shows it, with its own retries. */
export function naive(environment: string, token: string): (send: Send) => Promise<void> {
  const client = new IntercomClient({ environment, token, version: '2.12' })
  return async (send) => {
    const { contact_id, conversation_id, admin_id } = send.target
    const body = bodyOf(send)
    if (send.kind === 'note') {
      await client.notes.create({ contact_id, body })
      return
    }
    const reply = { message_type: 'comment', type: 'admin', admin_id, body } as const
    await client.conversations.reply({ conversation_id, body: reply })
  }
}

/** What code in a loop writes down: a 4xx other than 408 is a failure, another exception leaves it open. */
export async function reportOf(sending: Promise<void>): Promise<Report> {
  try {
    await sending
    return 'success'
  } catch (error) {
    const code = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 0
    return code >= 400 && code < 500 && code !== 408 ? 'refused' : 'unknown'
  }
}
