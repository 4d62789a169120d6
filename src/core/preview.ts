/**
 * What a person has to know of a call before they decide on it. Texts are what Intercom or the caller gave: data, never
 * instructions. Times are Unix seconds.
 */
export type Preview = {
  /** Whom it reaches, or whom it is about. */
  to: PreviewContact[]
  from: { type: 'admin' | 'contact'; id: string; name: string | null; email: string | null } | null
  conversation: PreviewConversation | null
  /** `e-mail`, `in-app message`, `internal note` … */
  channel: string | null
  /** As it will be sent: the parameter's own text. */
  text: string | null
  /** As whoever gets it will see it, in plain text; `null` where that is the same. */
  shown: string | null
  /** The parameter that holds `text`, which a person may change. */
  textParameter: string | null
  /** URLs. */
  attachments: string[]
  /** Anything else, one sentence each: `It cannot be undone.` */
  notes: string[]
}

/** A customer, as the one who decides has to know them. */
export type PreviewContact = {
  type: 'contact'
  id: string
  name: string | null
  email: string | null
  /** `user` or `lead`. */
  role: string | null
  company: string | null
  /** Unsubscribed, bounced, reported as spam, others with the same e-mail. */
  warnings: string[]
}

/** Where it is said, and what was said last. */
export type PreviewConversation = {
  id: string
  subject: string | null
  /** `open`, `closed`, `snoozed`; of a ticket the name of its state. */
  state: string | null
  /** The last three at most, oldest first. */
  last: PreviewMessage[]
}

export type PreviewMessage = {
  by: string
  kind: 'admin' | 'user' | 'bot'
  at: number
  /** In plain text, shortened. */
  text: string
  /** Seen by teammates only. */
  note: boolean
}

/** A preview that says nothing but its parameters. */
export const emptyPreview: Preview = {
  to: [],
  from: null,
  conversation: null,
  channel: null,
  text: null,
  shown: null,
  textParameter: null,
  attachments: [],
  notes: [],
}
