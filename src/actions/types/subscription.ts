/** A kind of message that people opt in to or out of (docs/intercom-api.md 2.12). */
export type Subscription = {
  type: 'subscription'
  /** Decimal digits. */
  id: string
  state: 'live' | 'draft' | 'archived'
  /** `opt_out`: everybody gets it who has not refused. */
  consent_type: 'opt_out' | 'opt_in'
  default_translation: { name: string; description: string; locale: string }
  content_types: string[]
}
