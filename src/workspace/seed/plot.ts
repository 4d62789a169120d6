import { END, FIRST_CONVERSATION, HOUR } from './calendar.ts'
import { contactsAt } from './people.ts'
import { below, chance, pick, type Random, random, STREAM } from './prng.ts'
import { adminInitiated, customerInitiated, longThread, snoozedThread, untouched } from './scenes.ts'
import type { Script } from './script.ts'
import type { Amounts } from './size.ts'
import { MONEY_STORIES } from './words/stories-money.ts'
import { TROUBLE_STORIES } from './words/stories-trouble.ts'
import { OUTBOUND_STORIES, WISH_STORIES } from './words/stories-wishes.ts'
import type { Story } from './words/story.ts'

const SPAN = END - 30 * HOUR - FIRST_CONVERSATION

/** Each story as often as it comes up, so that one draw picks by share. */
function byShare(stories: readonly Story[]): readonly Story[] {
  return stories.flatMap((story) => Array.from({ length: story.share }, () => story))
}

const INBOUND = byShare([...MONEY_STORIES, ...TROUBLE_STORIES, ...WISH_STORIES])
const OUTBOUND = byShare(OUTBOUND_STORIES)
/** Stories with enough to try for a thread of many parts. */
const STUBBORN = byShare(TROUBLE_STORIES)

/**
 * The script of conversation number `index`. Numbers rise with `created_at`. Every workspace has one thread of
 * more than thirty parts (the first), one that is snoozed past the end and was begun by an admin, and one that
 * nobody has answered yet (the last).
 */
export function scriptOf(index: number, amounts: Amounts): Script {
  const next = random(STREAM.script, index)
  const total = amounts.conversations
  const created_at = FIRST_CONVERSATION + Math.floor(((index + next()) * SPAN) / total)
  const contact = whoWrites(next, created_at, amounts)
  const long = index % 1000 === 0
  const last = index === total - 1
  const asleep = index === Math.max(1, Math.min(total - 2, Math.floor(total * 0.97)))
  const outbound = asleep || (!long && !last && chance(next, 0.14))
  const snoozed = asleep || (index > total * 0.9 && !long && !last && chance(next, 0.1))
  const story = pick(next, long ? STUBBORN : outbound ? OUTBOUND : INBOUND)
  const channel = chance(next, 0.22) ? 'email' : 'conversation'
  const script: Script = {
    index,
    contact,
    story,
    created_at,
    starter: outbound ? below(next, 3) : null,
    channel,
    urgent: chance(next, 0.06),
    events: [],
  }
  const scene = { script, next, now: created_at, admin: script.starter ?? owner(next, story) }
  if (long) longThread(scene)
  else if (snoozed) snoozedThread(scene)
  else if (last) untouched(scene)
  else if (outbound) adminInitiated(scene)
  else customerInitiated(scene)
  return script
}

/** Mostly people who arrived lately, some regulars who write again and again, and anybody else. */
function whoWrites(next: Random, moment: number, amounts: Amounts): number {
  const present = contactsAt(moment, amounts)
  const draw = next()
  const place = next()
  if (draw < 0.45) return present - 1 - Math.floor(place * place * place * present * 0.4)
  const anybody = Math.floor(place * present)
  return draw < 0.6 ? anybody - (anybody % 16) : anybody
}

/** Money goes to the second and third admin, who are the billing team; the rest to anybody. */
function owner(next: Random, story: Story): number {
  return story.team === 1 ? 1 + below(next, 2) : below(next, 3)
}
