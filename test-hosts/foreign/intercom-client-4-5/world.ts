import type { Client } from 'intercom-client-5'
import type { Ledger } from '../ledger.ts'

/** What the calls of one client are made with. */
export interface World {
  readonly client: Client
  readonly op: Ledger['op']
  readonly leave: Ledger['leave']
  /** An admin with a seat. */
  readonly admin: string
  /** A user, whose external id is the e-mail address. */
  readonly user: { readonly id: string; readonly email: string }
  /** A visitor. */
  readonly visitor: { readonly id: string; readonly user_id: string }
}
