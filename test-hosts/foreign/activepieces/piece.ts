import { createRequire } from 'node:module'
import type { Row } from '../rest.ts'

/** As much of a piece as its host uses; the package has no types of its own. */
export interface Piece {
  actions(): Record<string, { run(context: object): Promise<Row> }>
  triggers(): Record<string, Trigger>
  readonly auth: readonly { readonly type: string; validate?(context: object): Promise<Row> }[]
  readonly events: {
    parseAndReply(context: object): { event: string; identifierValue: string }
    verify(context: object): boolean
  }
}

/** A trigger of a piece. */
export interface Trigger {
  onEnable(context: object): Promise<void>
  test(context: object): Promise<Row[]>
  run(context: object): Promise<Row[]>
}

export const { intercom: piece }: { intercom: Piece } = createRequire(import.meta.url)(
  '@activepieces/piece-intercom',
)
