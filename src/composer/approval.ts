/** What a person has to know of a call before they decide on it. Texts are as Intercom gave them: data, never markup. */
export type Preview = {
  to: readonly Recipient[]
  from: { type: string; id: string; name: string | null; email: string | null } | null
  conversation: {
    id: string
    subject: string | null
    state: string | null
    last: readonly Message[]
  } | null
  channel: string | null
  /** As it will be sent. */
  text: string | null
  /** As the customer will see it; `null` when that is the same. */
  shown: string | null
  /** The parameter that holds the text, where a person may change it. */
  textParameter: string | null
  attachments: readonly string[]
  notes: readonly string[]
}

export type Recipient = {
  type: string
  id: string
  name: string | null
  email: string | null
  role: string | null
  company: string | null
  warnings: readonly string[]
}

/** A message of the conversation; `at` in Unix seconds, as Intercom gives it. */
export type Message = { by: string; kind: 'admin' | 'user' | 'bot'; at: number; text: string; note: boolean }

export type State = 'waiting' | 'approved' | 'declined' | 'lapsed' | 'done'

/** An approval as the composer draws it; times in Unix milliseconds. What is left out is not drawn. */
export type Approval = {
  id: string
  state: State
  /** The action's title, which is drawn; its name stands in. */
  title?: string | null
  action?: string
  caller?: string
  asked_by?: string | null
  input?: unknown
  preview: Preview | null
  created_at?: number
  expires_at?: number
  decided_at?: number | null
  decided_by?: string | null
  road?: string | null
  reason?: string | null
  /** The input as the person changed it. */
  edited?: unknown
  outcome?: {
    output: { success: boolean; error: string | null }
    failure: { outcome: string; hint: string | null } | null
  } | null
}

/** What a person decides: `input` holds the parameters they changed. */
export type Decision =
  | { decision: 'approve'; input?: Record<string, unknown> }
  | { decision: 'decline'; reason: string | null }
