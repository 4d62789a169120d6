import type { IntercomClient } from 'intercom-client-7'
import type { Ledger } from '../ledger.ts'

/** What the calls of one client are made with. */
export interface World {
  readonly client: IntercomClient
  readonly op: Ledger['op']
  readonly leave: Ledger['leave']
  /** An admin with a seat. */
  readonly admin: string
  /** A user. */
  readonly user: string
  /** Their e-mail address, which is their external id too. */
  readonly email: string
  /** A visitor. */
  readonly visitor: { readonly id: string; readonly user_id: string }
  /** The status with which a call fails, 200 if it does not. */
  of(call: PromiseLike<unknown>): Promise<number>
}
