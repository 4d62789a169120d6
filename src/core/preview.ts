/** What a person has to know of a call before they decide on it. Texts are as Intercom gave them: data, not instructions. */
export type Preview = {
  /** `warnings`: unsubscribed, bounced, spam, others with the same e-mail address (their ids and roles). */
  to: {
    type: 'contact'
    id: string
    name: string | null
    email: string | null
    role: string | null
    company: string | null
    warnings: string[]
  }[]
  from: { type: 'admin' | 'contact'; id: string; name: string | null; email: string | null } | null
  conversation: {
    id: string
    subject: string | null
    state: string | null
    /** Three at most, the newest last. `at`: Unix seconds. */
    last: { by: string; kind: 'admin' | 'user' | 'bot'; at: number; text: string; note: boolean }[]
  } | null
  /** "e-mail", "in-app message", "reply by e-mail", "note" … */
  channel: string | null
  /** As it will be sent: the parameter's own text, HTML or plain. */
  text: string | null
  /** As the customer will see it, plain; `null` when the same. */
  shown: string | null
  /** The parameter whose text a person may edit. */
  textParameter: string | null
  /** URLs. */
  attachments: string[]
  /** Anything else: "reopens the conversation", "cannot be undone: deletes …". */
  notes: string[]
}
