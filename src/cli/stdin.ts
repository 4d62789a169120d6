import { buffer } from 'node:stream/consumers'
import { utf8 } from '../core/exact-json.ts'
import { IntercomError, sentences } from '../errors.ts'
import { UsageError } from './flags.ts'

/** All of stdin, as text. */
export async function stdinText(): Promise<string> {
  const bytes = await buffer(process.stdin)
  try {
    return utf8(bytes, 'stdin')
  } catch (error) {
    throw error instanceof IntercomError ? new UsageError(sentences(error.message, error.hint)) : error
  }
}
