import { DAY, dayAndMonth, HOUR } from './calendar.ts'
import type { Person } from './people.ts'
import { fill } from './phrasing.ts'
import { at, below, between, pick, type Random, random, STREAM } from './prng.ts'
import type { Role, Script } from './script.ts'
import { ADMINS } from './staff.ts'
import { ADMIN_GREETINGS, CLOSINGS, FILLERS, GREETINGS, LINES, STEPS } from './words/phrases.ts'
import type { Case, Story } from './words/story.ts'

/** Gives the events of one conversation their texts. What a slot stands for never changes within it. */
export type Wording = {
  /** The subject, for conversations by e-mail. */
  subject(): string
  /** The next text of a role, as plain text. `admin` is the writer's place in the staff list, if it is an admin. */
  say(role: Role, admin: number | null): string
}

const CURRENCY: Readonly<Record<string, string>> = { US: '$', GB: '£', AU: 'A$' }
const PRICES = [
  '12.00',
  '19.00',
  '29.00',
  '35.00',
  '49.00',
  '58.80',
  '79.00',
  '99.00',
  '120.00',
  '228.00',
  '348.00',
]

/** Words about the time around a moment: days that have passed, days to come. */
function times(next: Random, moment: number) {
  const month = (days: number): string => dayAndMonth(moment + days * DAY).split(' ')[1] ?? ''
  return {
    date: dayAndMonth(moment - between(next, 1, 16) * DAY),
    soon: dayAndMonth(moment + between(next, 10, 25) * DAY),
    month: month(-between(next, 25, 90)),
    nextmonth: month(between(next, 35, 80)),
    time: `${between(next, 8, 17)}:${pick(next, ['00', '15', '30', '45'])}`,
  }
}

/** The values of all slots for a person at a moment. */
export function slotsFor(next: Random, person: Person, moment: number): Record<string, string> {
  return {
    ...times(next, moment),
    first: person.first,
    sender: person.name === null ? 'the front desk' : person.first,
    country: person.nation.place.country,
    agent: '',
    colleague: '',
    step: '',
    topic: '',
    invoice: `INV-${between(next, 20_400, 98_999)}`,
    amount: (CURRENCY[person.nation.code] ?? '€') + pick(next, PRICES),
    card: String(between(next, 1000, 9999)),
    code: `E-${between(next, 100, 599)}`,
    rows: String(between(next, 60, 2900)),
    staff: String(between(next, 2, 14)),
    minor: String(between(next, 1, 19)),
    plan: pick(next, FILLERS.plan),
    browser: pick(next, FILLERS.browser),
    feature: pick(next, FILLERS.feature),
    file: pick(next, FILLERS.file),
    service: pick(next, FILLERS.service),
    app: pick(next, FILLERS.app),
    ledger: pick(next, FILLERS.ledger),
    them: pick(next, FILLERS.them),
  }
}

/** The wording of one conversation. Texts must be asked for in the order of the events. */
export function wordingOf(script: Script, person: Person): Wording {
  const next = random(STREAM.text, script.index)
  const { story } = script
  const slots = slotsFor(next, person, script.created_at + HOUR)
  slots['topic'] = story.topic.toLowerCase()
  const matter = caseFor(next, story, person)
  const start = below(next, 1000)
  // An outbound message has its greeting in it.
  let greeted = script.starter !== null
  const used: Partial<Record<Role, number>> = {}

  const template = (role: Role): string => {
    switch (role) {
      case 'opening':
      case 'detail':
      case 'solve':
        return matter[role]
      case 'ask':
        return matter.ask ?? at(LINES.check, start)
      case 'note':
        return at(story.note, start + (used.note ?? 0))
      default:
        return at(LINES[role], start + (used[role] ?? 0))
    }
  }

  const around = (role: Role, admin: number | null, text: string): string => {
    if (role === 'opening' && admin === null) return pick(next, GREETINGS) + text + pick(next, CLOSINGS)
    if (admin === null || greeted || role === 'note' || role === 'reassigned') return text
    greeted = true
    return pick(next, ADMIN_GREETINGS) + text
  }

  return {
    subject: () => fill(pick(next, story.subject), slots, next),
    say(role, admin) {
      if (admin !== null) {
        slots['agent'] = at(ADMINS, admin).first
        slots['colleague'] = at(ADMINS, (admin + 1) % 3).first
      }
      if (role === 'attempt') slots['step'] = fill(at(STEPS, start + (used.attempt ?? 0)), slots, next)
      const text = fill(around(role, admin, template(role)), slots, next)
      used[role] = (used[role] ?? 0) + 1
      return text
    },
  }
}

/** A case that this person would write: one in their language where there is one, else one in English. */
function caseFor(next: Random, story: Story, person: Person): Case {
  const { language } = person.nation.place
  const own = story.cases.filter((entry) => entry.language === language)
  return pick(next, own.length > 0 ? own : story.cases.filter((entry) => entry.language === undefined))
}
