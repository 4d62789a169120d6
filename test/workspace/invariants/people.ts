import type { Expected } from './model.ts'
import type { Town } from './town.ts'

/** What one step chooses from: the numbers pick a person and a conversation, whoever is there. */
export interface Choice {
  readonly person: number
  readonly conversation: number
  readonly seconds: number
}

/** One step. One that finds nobody to do it with does nothing. */
export type Action = (town: Town, choice: Choice) => Promise<void>

/** Somebody who is not archived and, unless `inside` says otherwise, may be in the conversation or not. */
export function somebody(town: Town, { person }: Choice, inside?: { one: Expected; is: boolean }) {
  const people = town.people.filter(
    ({ id, isArchived }) => !isArchived && (!inside || inside.one.contacts.has(id) === inside.is),
  )
  return people[person % (people.length || 1)]
}

function person(role: 'user' | 'lead'): Action {
  return async (town) => {
    const email = role === 'user' ? { email: `user${town.now()}@example.com` } : {}
    const { id } = await town.desk.ask<{ id: string }>('POST', '/contacts', { role, ...email })
    town.people.push({ id, role, isArchived: false })
  }
}

const archive: Action = async (town, choice) => {
  const who = somebody(town, choice)
  if (!who) return
  await town.desk.ask('POST', `/contacts/${who.id}/archive`)
  who.isArchived = true
}

const unarchive: Action = async (town, choice) => {
  const archived = town.people.filter(({ isArchived }) => isArchived)
  const who = archived[choice.person % (archived.length || 1)]
  if (!who) return
  await town.desk.ask('POST', `/contacts/${who.id}/unarchive`)
  who.isArchived = false
}

/** For good; of those who are in a conversation docs/intercom-api.md does not say what becomes of it. */
const remove: Action = async (town, choice) => {
  const who = somebody(town, choice)
  if (!who || town.conversations.some(({ contacts }) => contacts.has(who.id))) return
  await town.desk.ask('DELETE', `/contacts/${who.id}`)
  town.people.splice(town.people.indexOf(who), 1)
}

/** The lead's conversations become the user's. */
const merge: Action = async (town, choice) => {
  const leads = town.people.filter(({ role, isArchived }) => role === 'lead' && !isArchived)
  const users = town.people.filter(({ role, isArchived }) => role === 'user' && !isArchived)
  const lead = leads[choice.person % (leads.length || 1)]
  const user = users[choice.conversation % (users.length || 1)]
  if (!lead || !user) return
  await town.desk.ask('POST', '/contacts/merge', { from: lead.id, into: user.id })
  town.people.splice(town.people.indexOf(lead), 1)
  for (const { contacts } of town.conversations) if (contacts.delete(lead.id)) contacts.add(user.id)
}

/** What happens to contacts. */
export const PEOPLE: Readonly<Record<string, Action>> = {
  newUser: person('user'),
  newLead: person('lead'),
  archive,
  unarchive,
  remove,
  merge,
}
