import type { Journal } from '../../core/journal.ts'
import { openJournal } from '../../core/sqlite-journal.ts'
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

/** The journal that all keys of a server share. Throws an `IntercomError` when the file cannot be used. */
export function journalOf(file: string): Journal {
  return rejectIfRunning(openJournal(file))
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
      throw new IntercomError('a call with this Idempotency-Key is still running', {
        code: 'idempotency_key_in_use',
        outcome: 'unknown',
        retryable: true,
        hint: 'This call sent nothing. Retry later with the same key to get the outcome of the first.',
      })
    },
  }
}
