import { stillRunning } from '../../core/idempotency.ts'
import type { Journal } from '../../core/journal.ts'
import { type FileJournal, openJournal, operationBytes } from '../../core/sqlite-journal.ts'
import { IntercomError } from '../../errors.ts'

const longest = 128

/**
 * The idempotency key of a request's `Idempotency-Key` header within `scope`; `undefined` without the header.
 * Throws an `IntercomError` for one that is malformed, or that nothing would keep.
 */
export function idempotencyKeyOf(request: Request, scope: string | undefined): string | undefined {
  const key = request.headers.get('idempotency-key')
  if (key === null) return undefined
  if (key.length > longest || !/^[\x21-\x2b\x2d-\x7e]+$/.test(key)) {
    throw new IntercomError(
      `Idempotency-Key takes one value of 1 to ${longest} visible ASCII characters, no comma`,
      { code: 'invalid_idempotency_key', hint: 'Nothing was sent.' },
    )
  }
  if (scope === undefined) {
    throw new IntercomError('this server keeps no journal, so an Idempotency-Key would have no effect', {
      code: 'no_journal',
      hint: 'Nothing was sent. Leave the header out, or have its operator start it with --journal FILE.',
    })
  }
  return `${scope}:${key}`
}

/**
 * The journal that all keys of a server share, each within its own space. Throws an `IntercomError` when the file cannot
 * be used.
 */
export function journalOf(file: string, bytesPerKey: number): Journal {
  const journal = openJournal(file)
  return rejectIfRunning(withinSpace(journal, bytesPerKey))
}

const countEveryMs = 3_600_000

/** A journal in which one API key cannot take the space of the others. What it has recorded is still answered. */
function withinSpace(journal: FileJournal, bytesPerKey: number): Journal {
  const spaces = new Map<string, { bytes: number; countedAt: number }>()

  async function spaceOf(scope: string) {
    const known = spaces.get(scope)
    const now = performance.now()
    if (known !== undefined && now - known.countedAt < countEveryMs) return known
    const counting = { bytes: known?.bytes ?? 0, countedAt: now } // others go on meanwhile
    spaces.set(scope, counting)
    counting.bytes = await journal.spaceOf(`${scope}:`)
    return counting
  }

  return {
    ...journal,
    async acquire(operation, owner) {
      const acquired = await journal.acquire(operation, owner)
      const scope = scopeOf(operation.key)
      const isNew = acquired.state === 'acquired' && acquired.earlier === null
      if (scope === null || !isNew || (await spaceOf(scope)).bytes < bytesPerKey) return acquired
      await journal.finish(operation.key, owner, 'no_effect')
      throw new IntercomError('the outcomes recorded for this API key take up all the space it has', {
        code: 'journal_full',
        hint: 'Nothing was sent. They are kept for 30 days; the operator of this server can raise limits.journal_bytes. What was recorded is still answered.',
      })
    },
    async finish(key, owner, result, steps) {
      await journal.finish(key, owner, result, steps)
      const space = spaces.get(scopeOf(key) ?? '')
      if (space !== undefined && typeof result === 'object')
        space.bytes += Buffer.byteLength(result.record) + operationBytes
    },
  }
}

/** `null` of a call without an idempotency key, which is not kept, and of what a person has approved. */
function scopeOf(key: string): string | null {
  if (key.startsWith('approval:apr_')) return null
  return /^([^:]*):/.exec(key)?.[1] ?? null
}

/**
 * A journal whose callers do not wait: while a call with a key runs, in this process or another, the next one with the
 * same key fails at once.
 */
function rejectIfRunning(journal: Journal): Journal {
  return {
    ...journal,
    acquire: async (operation, owner) => {
      const acquired = await journal.acquire(operation, owner)
      if (acquired.state !== 'running') return acquired
      throw stillRunning()
    },
  }
}
