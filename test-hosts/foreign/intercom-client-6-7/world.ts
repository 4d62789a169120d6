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

/** A job once it is over, or as it is after ten seconds. */
export async function finished<Job extends object>(find: () => PromiseLike<Job>): Promise<Job> {
  for (let tries = 0; ; tries += 1) {
    const job = await find()
    const status = 'status' in job ? String(job.status) : ''
    if (tries === 100 || !/pending|in_progress/.test(status)) return job
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}
