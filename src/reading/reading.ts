import type { Envelope } from '../core/action.ts'
import { clean } from './clean.ts'
import { compactEnvelope } from './compact.ts'
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
  if (mode === 'full') return { structured: output, text: JSON.stringify(output) }
  if (!output.success) {
    return { structured: output, text: clean(String(output.error ?? 'It failed without a reason.')).text }
  }
  const structured = compactEnvelope(output)
  return { structured, text: render(structured) }
}
