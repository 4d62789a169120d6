import type { AppRow } from '../store/app-tables.ts'

/** Why a teammate is away. No operation makes or changes reasons, so every workspace has these. */
export const awayStatusReasons: readonly {
  readonly id: number
  readonly label: string
  readonly emoji: string
  readonly deleted: boolean
}[] = [
  { id: 1, label: 'On a break', emoji: '☕', deleted: false },
  { id: 2, label: 'In a meeting', emoji: '📅', deleted: false },
  { id: 3, label: 'Done for the day', emoji: '🌙', deleted: false },
  { id: 4, label: 'On holiday', emoji: '🌴', deleted: true },
]

/** A reason as 2.14 shows it. */
export function awayStatusReason(
  { id, label, emoji, deleted }: (typeof awayStatusReasons)[number],
  { created_at }: AppRow,
) {
  return {
    type: 'away_status_reason',
    id: String(id),
    label,
    emoji,
    order: id,
    deleted,
    created_at,
    updated_at: created_at,
  }
}
