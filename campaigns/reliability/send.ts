/** What is sent, in the proportions of a support desk. */
export const kinds = [
  'reply',
  'conversation_note',
  'user_reply',
  'note',
  'incoming',
  'message',
  'lead',
  'user',
] as const
export type Kind = (typeof kinds)[number]

/** In every ten sends. */
export const mix: readonly Kind[] = [
  'reply',
  'note',
  'user_reply',
  'reply',
  'incoming',
  'conversation_note',
  'reply',
  'message',
  'note',
  'lead',
]

/** The kinds that Intercom shows at once to whoever reads what was written to. */
export const shownAtOnce: readonly Kind[] = ['reply', 'conversation_note', 'user_reply', 'note']

/** Whom a send is about: a contact and a conversation with them. */
export type Target = { contact_id: string; conversation_id: string; admin_id: string }

/** One intended send. `mark` is found in its text and in no other send's, but where texts are alike on purpose. */
export type Send = { kind: Kind; target: Target; mark: string }

/** What the sender says became of it: it happened, it did not, or nobody knows. */
export type Report = 'success' | 'refused' | 'unknown'

export type Sender = {
  /** `idempotencyKey`: with a journal, the sender's own id for it. */
  send(send: Send, idempotencyKey?: string): Promise<Report>
  close(): Promise<void>
}

/** Text that a server which rewrites bodies has something to do with. */
export function bodyOf({ mark }: Send): string {
  return `<p>It's "done" &amp; dusted – <b>${mark}</b>,  für dich...</p><p>See <a href="https://example.com/?a=1&amp;b=2">here</a>.</p>`
}

/** The same as plain text, for what contacts write. */
export function plainBodyOf({ mark }: Send): string {
  return `It's "done" & dusted – ${mark},  für dich...\nSee https://example.com/?a=1&b=2.`
}

export function emailOf({ mark }: Send): string {
  return `${mark}@campaign.test`
}

/** The marks in a text, each as often as it stands there. */
export function marksIn(text: string): string[] {
  return text.match(/\bmark[0-9a-z]+\b/g) ?? []
}
