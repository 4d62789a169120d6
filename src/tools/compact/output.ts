import type { Envelope } from '../../core/action.ts'
import { compactEnvelope } from './compact.ts'
import { plain } from './fence.ts'
import { render } from './render.ts'

/** How much of an answer a model sees: what it needs to go on, or everything Intercom sent. */
export type Output = 'compact' | 'full'

/** An envelope as a model sees it; `structured` fits the action's output schema. */
export type Reading = { structured: Envelope; text: string }

/**
 * Reads an envelope for a model. `compact` holds at most `resultTokens` in each of the two, names what it leaves
 * out, and carries customers' words as data only. Never throws for what an envelope holds.
 */
export function readingOf(output: Envelope, mode: Output): Reading {
  if (mode === 'full' && !isWritable(output)) return readingOf(output, 'compact')
  const structured = mode === 'full' ? output : output.success ? compactEnvelope(output) : failure(output)
  return { structured, text: textOfReading(structured, mode) }
}

/** The text of a reading, from its other half. */
export function textOfReading(structured: Envelope, mode: Output = 'compact'): string {
  if (mode === 'full') return JSON.stringify(structured)
  if (structured.success) return render(structured)
  return String(structured.error ?? 'It failed without a reason.')
}

/** Whether it can be written as JSON: nobody could be handed an answer nested deeper than the stack. */
function isWritable(output: Envelope): boolean {
  try {
    return JSON.stringify(output) !== undefined
  } catch {
    return false
  }
}

/** Intercom's error messages may repeat what somebody wrote. */
function failure(output: Envelope): Envelope {
  return output.error === null ? output : { ...output, error: plain(String(output.error)) }
}
