import type { z } from 'zod'
import { path } from '../../client/path.ts'
import { idIn } from '../../core/list.ts'
import { didYouMean } from '../../core/nearest.ts'
import { refuse } from '../../core/outcome.ts'
import type { Port } from '../../core/port.ts'
import { quotedName, sentences, textOf } from '../../errors.ts'
import { filledText, id, jsonObject, refuseUnfilledAttributes } from '../types/input.ts'
import type { TicketType } from '../types/ticket.ts'

const nothing = 'Nothing was changed.'

export const ticketId = () => id('The ticket’s id (not its number in the Inbox); find it with search_tickets')
export const ticketNames = { id: 'ticket_id', ticket: 'ticket_id', conversation_id: 'ticket_id' }
export const ticketHints = {
  404: 'Find the ticket id with search_tickets: its number in the Inbox is another.',
}

/** What Intercom calls title and description among the attributes (docs/intercom-api.md 2.13). */
const [titleKey, descriptionKey] = ['_default_title_', '_default_description_']

export const ticketFields = {
  title: filledText('The title').optional(),
  description: filledText('What it is about, in plain text').optional(),
  attributes: jsonObject('Further attributes by name, from list_ticket_types; for a list the id of its item')
    .superRefine(refuseDefaults)
    .superRefine(refuseUnfilledAttributes)
    .optional(),
}

function refuseDefaults(attributes: Record<string, unknown>, context: z.RefinementCtx): void {
  for (const [key, parameter] of [
    [titleKey, 'title'],
    [descriptionKey, 'description'],
  ] as const)
    if (Object.hasOwn(attributes, key))
      context.addIssue({ code: 'custom', path: [key], message: `is the parameter ${parameter}` })
}

type Fields = {
  title?: string | undefined
  description?: string | undefined
  attributes?: Record<string, unknown> | undefined
}

/** The attributes that a request sends; `undefined` where none is given. */
export function attributesOf({
  title,
  description,
  attributes,
}: Fields): Record<string, unknown> | undefined {
  const sent = {
    ...attributes,
    ...(title === undefined ? {} : { [titleKey]: title }),
    ...(description === undefined ? {} : { [descriptionKey]: description }),
  }
  return Object.keys(sent).length === 0 ? undefined : sent
}

export async function ticketType(intercom: Port, ticket_type_id: string): Promise<TicketType> {
  return await intercom.get<TicketType>(path`/ticket_types/${ticket_type_id}`)
}

/** The objects of a list in Intercom's answer, whose types are its word: none where there is no list. */
export function objectsOf<T extends object>(list: { data: T[] } | null | undefined): T[] {
  const data: unknown = list?.data
  return Array.isArray(data) ? data.filter((one) => typeof one === 'object' && one !== null) : []
}

/**
 * Refuses attributes that a type does not have, items that its lists do not have, and, of a new ticket, that a required
 * one is missing: Intercom's 400 does not say what there is.
 */
export function checkTicketAttributes(
  type: TicketType,
  given: Record<string, unknown>,
  isNew: boolean,
): void {
  const known = objectsOf(type.ticket_type_attributes).filter(
    ({ name, archived }) => typeof name === 'string' && archived !== true,
  )
  if (known.length === 0) return // the type does not say
  const names = known.map(({ name }) => name)
  for (const [name, value] of Object.entries(given)) {
    const attribute = known.find((one) => one.name === name)
    if (attribute === undefined) {
      const shown = names.filter((one) => one !== titleKey && one !== descriptionKey).join(', ')
      const has = shown === '' ? 'It has no further attributes' : `It has ${shown}`
      const message = `attributes.${quotedName(name).slice(1, -1)} is no attribute of the ticket type ${quotedName(textOf(type.name))}`
      refuse('invalid_input', sentences(message, didYouMean(name, names) ?? has), nothing)
    }
    const items = attribute.data_type === 'list' ? itemsIn(attribute.input_options) : []
    if (value === null || items.length === 0 || items.some((item) => item.id === value)) continue
    const choices = items.map((item) => `${JSON.stringify(item.id)} (${item.name})`).join(', ')
    refuse('invalid_input', `attributes.${name} takes the id of an item: ${choices}`, nothing)
  }
  if (!isNew) return
  const missing = known.filter(
    ({ name, required_to_create: isRequired }) => isRequired && !Object.hasOwn(given, name),
  )
  if (missing.length === 0) return
  const list = missing.map(({ name }) =>
    name === titleKey ? 'title' : name === descriptionKey ? 'description' : `attributes.${name}`,
  )
  refuse(
    'invalid_input',
    `tickets of the type ${quotedName(textOf(type.name))} need ${list.join(', ')}`,
    'Nothing was sent.',
  )
}

function itemsIn(options: Record<string, unknown> | null): { id: string; name: string }[] {
  const items: unknown[] = Array.isArray(options?.['items']) ? options['items'] : []
  return items.flatMap((item) =>
    typeof item === 'object' && item !== null && 'id' in item
      ? [{ id: idIn(item), name: 'name' in item ? textOf(item.name) : '' }]
      : [],
  )
}
