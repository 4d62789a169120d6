import { ControlError } from '../control-error.ts'

/** What may be asked for: a name, or a number of contacts. */
export type SeedSize = 'empty' | 'small' | 'large' | number

/** How many of each a seed of one size has. */
export type Amounts = {
  contacts: number
  companies: number
  conversations: number
}

/** While a workspace is being filled it answers nobody: more would keep it busy for hours. */
const MOST_CONTACTS = 10_000_000

const NAMED = { empty: 0, small: 200, large: 20_000 } as const

/** A conversation each for open, closed and snoozed: with fewer, a small workspace could not show them all. */
const FEWEST_CONVERSATIONS = 3

/** The number of contacts a size stands for; the one place that knows which sizes there are. */
export function contactsOf(size: SeedSize): number {
  const contacts = typeof size === 'number' ? size : NAMED[size]
  if (!Number.isSafeInteger(contacts) || contacts < 0 || contacts > MOST_CONTACTS) {
    throw new ControlError(
      `seed must be 'empty', 'small', 'large' or a number of contacts up to ${MOST_CONTACTS}, not ${String(size)}.`,
    )
  }
  return contacts
}

/** Amounts for a number of contacts: one and a half conversations to each, and a company for every six or so. */
export function amountsOf(contacts: number): Amounts {
  if (contacts === 0) return { contacts: 0, companies: 0, conversations: 0 }
  return {
    contacts,
    companies: Math.max(1, Math.floor(contacts / 6)),
    conversations: Math.max(FEWEST_CONVERSATIONS, Math.round(contacts * 1.5)),
  }
}
