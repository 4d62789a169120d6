import type { ResourceLink } from '@modelcontextprotocol/server'
import type { Envelope } from '../../core/action.ts'
import type { Offer } from '../offer.ts'
import type { Tool } from '../policy.ts'
import { mimeType } from './resources.ts'

/** What Intercom calls the things of a collection. */
const types: Readonly<Record<string, readonly string[]>> = {
  contacts: ['contact', 'user', 'lead'],
  conversations: ['conversation'],
  tickets: ['ticket'],
  articles: ['article'],
}

/**
 * Links to what a call has written, as resources that a client can read: hosts show them to people. None for reads,
 * whose result is there already.
 */
export function linksOf(
  { tools }: Pick<Offer, 'tools'>,
  { action }: Tool,
  given: unknown,
  output: Envelope,
): ResourceLink[] {
  if (!output.success || action.effect === 'read' || action.destructive) return []
  const things = Object.values(output).filter((one) => typeof one === 'object' && one !== null) as Thing[]
  return [...tools.values()].flatMap(({ action: { resource }, mayNeedApproval }) => {
    if (resource === undefined || mayNeedApproval) return []
    const { collection, parameter } = resource
    const made = things.find(({ type }) => types[collection]?.includes(String(type)))?.id
    const id =
      made ?? things.find((one) => parameter in one)?.[parameter] ?? (given as Thing | null)?.[parameter]
    if (!/^\w+$/.test(String(id ?? '')) || id === 'last') return []
    const name = `${collection.slice(0, -1)} ${String(id)}`
    return [{ type: 'resource_link', uri: `intercom://${collection}/${String(id)}`, name, mimeType }]
  })
}

type Thing = { [key: string]: unknown }
