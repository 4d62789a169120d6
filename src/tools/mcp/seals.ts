import { randomBytes } from 'node:crypto'
import type { Approval } from '../../approvals/approval.ts'
import { inputHash } from '../../core/journal.ts'

/** What lets an app decide, in place of a model: known to this process, and given to the app alone. */
export type Seals = {
  /** Makes a seal for an approval as it is shown now; an earlier one no longer counts. */
  make(approval: Approval): Promise<string>
  /** Whether this is the seal of that approval and of its input; this uses it up. */
  open(approval: Approval, seal: unknown): Promise<boolean>
}

/** The most seals at once; a new one replaces the oldest. */
const most = 1000

/** The seals of one caller, in memory: those of another process, session or caller are unknown here. */
export function sealsOf(): Seals {
  const sealed = new Map<string, { seal: string; input: string }>()
  return {
    async make({ id, action, input }) {
      const seal = randomBytes(32).toString('base64url')
      sealed.delete(id)
      const [oldest] = sealed.keys()
      if (sealed.size >= most && oldest !== undefined) sealed.delete(oldest)
      sealed.set(id, { seal, input: await inputHash(action, input) })
      return seal
    },
    async open({ id, action, input, state }, seal) {
      const hash = await inputHash(action, input)
      const known = sealed.get(id)
      if (state !== 'waiting' || known === undefined || known.seal !== seal || known.input !== hash)
        return false
      return sealed.delete(id)
    },
  }
}
