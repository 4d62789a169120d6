import { dateBack } from '../store/fresh.ts'
import { setStandardSegments } from '../store/segments.ts'
import type { Store } from '../store/store.ts'
import { insertSubscriptionType } from '../store/subscription-types.ts'
import { DAY, FIRST_CONTACT } from './calendar.ts'
import { at } from './prng.ts'

/** The company whose support desk this is, invented like everybody in it. `.example` is nobody's domain. */
export const COMPANY = 'Quillbook'

/** Teammates with an inbox seat. The bot comes after them, wherever a place in this list is meant. */
export const ADMINS = [
  { first: 'Priya', name: 'Priya Raman', email: 'priya@quillbook.example', job_title: 'Head of Support' },
  { first: 'Jonas', name: 'Jonas Weber', email: 'jonas@quillbook.example', job_title: 'Support Engineer' },
  {
    first: 'Hannah',
    name: 'Hannah Mbeki',
    email: 'hannah@quillbook.example',
    job_title: 'Billing Specialist',
  },
] as const

/** Teams with the places of their members in the staff list. */
const TEAMS = [
  { name: 'Customer Support', members: [0, 1, 2] },
  { name: 'Billing', members: [2, 1] },
] as const

/** Tags for people and for conversations. */
const TAGS = [
  'VIP',
  'Beta tester',
  'Churn risk',
  'Onboarding',
  'Billing',
  'Login',
  'Import',
  'Bug',
  'Feature request',
  'Refund',
  'Integration',
  'Urgent',
]

/** The ids that admins, teams and tags got, by their place in the lists or their name. */
export type Staff = {
  /** The bot is the last. */
  admins: readonly number[]
  teams: readonly number[]
  tags: ReadonlyMap<string, number>
  /** Subscription types: announcements to opt out of, tips and text messages to opt into. */
  subscriptions: readonly number[]
}

/** The id of a tag; a name that is not on the list is a mistake and throws. */
export function tagId(staff: Staff, name: string): number {
  const id = staff.tags.get(name)
  if (id === undefined) throw new RangeError(`there is no tag ${name}`)
  return id
}

const FOUNDED = FIRST_CONTACT - 30 * DAY

/** Turns a fresh workspace into the company's: its name, admins, teams and tags. */
export function seedStaff(store: Store): Staff {
  const { id_code, timezone, region } = store.app
  store.setApp({ id_code, name: COMPANY, timezone, region, created_at: FOUNDED })
  setStandardSegments(store, FOUNDED)
  const staff = {
    admins: seedAdmins(store),
    teams: [] as number[],
    tags: new Map<string, number>(),
    subscriptions: seedSubscriptionTypes(store),
  }
  for (const { name, members } of TEAMS) {
    const team_id = store.nextId('teams')
    store.insertTeam({ id: team_id, name })
    for (const [position, member] of members.entries()) {
      store.insertTeamAdmin({ team_id, admin_id: at(staff.admins, member), position })
    }
    staff.teams.push(team_id)
  }
  for (const name of TAGS) staff.tags.set(name, store.insertTag(name))
  seedAttributes(store, staff)
  dateBack(store, FOUNDED, ADMINS[0].name)
  logSettings(store, at(staff.admins, 0))
  return staff
}

/** A fresh workspace has one admin, who owns the token, and the bot; both stay, the admin gets a name. */
function seedAdmins(store: Store): number[] {
  const bot = store.db.number('SELECT id FROM admins WHERE is_bot = 1')
  const owner = store.db.number('SELECT min(id) FROM admins WHERE is_bot = 0')
  const ids = ADMINS.map(({ name, email, job_title }, index) => {
    if (index > 0) {
      const id = store.nextId('admins')
      store.insertAdmin({ id, name, email, job_title })
      return id
    }
    store.db.run(
      'UPDATE admins SET name = ?, email = ?, job_title = ? WHERE id = ?',
      name,
      email,
      job_title,
      owner,
    )
    return owner
  })
  return [...ids, bot]
}

/** A fresh workspace has one type, of announcements. */
function seedSubscriptionTypes(store: Store): number[] {
  return [
    store.db.number('SELECT min(id) FROM subscription_types'),
    insertSubscriptionType(store, {
      consent_type: 'opt_in',
      name: 'Tips and tricks',
      description: 'How other studios use Quillbook, once a month',
    }),
    insertSubscriptionType(store, {
      consent_type: 'opt_in',
      name: 'Text messages',
      description: 'Reminders and outages by text message',
      content_types: ['sms_message'],
    }),
  ]
}

function seedAttributes(store: Store, staff: Staff): void {
  store.insertDataAttribute({
    id: store.nextId('data_attributes'),
    model: 'conversation',
    name: 'Topic',
    label: 'Topic',
    data_type: 'string',
    description: 'What the conversation is about.',
    created_at: FOUNDED,
    updated_at: FOUNDED,
    admin_id: at(staff.admins, 0),
  })
}

/** What an admin once set up where no API reaches: the app's name, and a message that went live. */
function logSettings(store: Store, admin_id: number): void {
  const { name } = ADMINS[0]
  store.insert('activity_logs', {
    created_at: FOUNDED + DAY,
    admin_id,
    activity_type: 'app_name_change',
    activity_description: `${name} changed your app name from ${COMPANY} (test) to ${COMPANY}.`,
    metadata: { before: `${COMPANY} (test)`, after: COMPANY },
  })
  const title = `Welcome to ${COMPANY}`
  store.insert('activity_logs', {
    created_at: FOUNDED + 2 * DAY,
    admin_id,
    activity_type: 'message_state_change',
    activity_description: `${name} changed your ${title} message from draft to live.`,
    metadata: { message: { id: 123, title }, before: 'draft', after: 'live' },
  })
}
