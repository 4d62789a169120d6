import type { Envelope } from '../core/action.ts'

/** How much of an answer a model sees: what it needs to go on, or everything Intercom sent. */
export type Output = 'compact' | 'full'

/** An envelope as a model sees it; `structured` fits the action's output schema. */
export type Reading = { structured: Envelope; text: string }

/** Reads an envelope for a model. */
export function readingOf(output: Envelope, mode: Output): Reading {
  return { structured: output, text: mode === 'full' ? JSON.stringify(output) : JSON.stringify(output) }
}
