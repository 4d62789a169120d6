import {
  type CompleteRequestParams,
  type CompleteResult,
  ProtocolError,
  ProtocolErrorCode,
} from '@modelcontextprotocol/server'
import { invoke } from '../invoke.ts'
import type { Offer } from '../offer.ts'
import { completedBy, type Listed } from './prompts.ts'
import { resourceTemplates } from './resources.ts'

/** The most that an answer may hold. */
const most = 100

/** How long a list is good for, ms: a client asks at every key that is pressed. */
const freshMs = 60_000

/** The action that lists what an argument names, and where its answer holds them. */
const lists: Record<Listed, { action: string; rows(answer: Answer): unknown }> = {
  teammate: { action: 'list_admins', rows: ({ result }) => result?.admins },
  team: { action: 'list_teams', rows: ({ teams }) => teams },
  tag: { action: 'list_tags', rows: ({ result }) => result?.data },
}

type Answer = { teams?: unknown; result?: { admins?: unknown; data?: unknown } | null }
type Row = { id: string; name: string }

/**
 * `completion/complete`: ids of tags, teammates and teams for the arguments of prompts, by id or name, each as `12 (Ada)`.
 * Only by actions that are offered and ask nobody. A list that cannot be had completes nothing.
 */
export function completions(offer: Offer, now = () => performance.now()) {
  const known = new Map<Listed, { until: number; rows: Promise<Row[]> }>()

  function rowsOf(kind: Listed): Promise<Row[]> {
    const before = known.get(kind)
    if (before !== undefined && before.until > now()) return before.rows
    const rows = listed(offer, kind).catch(() => {
      known.delete(kind)
      return []
    })
    known.set(kind, { until: now() + freshMs, rows })
    return rows
  }

  return async ({ ref, argument }: CompleteRequestParams): Promise<CompleteResult> => {
    if (ref.type === 'ref/resource') {
      const templates = resourceTemplates([...offer.tools.values()])
      if (!templates.some(({ uriTemplate }) => uriTemplate === ref.uri))
        throw unknown(`resource template: ${JSON.stringify(ref.uri.slice(0, 100))}`)
      return { completion: { values: [], total: 0, hasMore: false } } // ids of customers and conversations are searched for
    }
    const kinds = completedBy(offer.tools, ref.name, argument.name)
    if (kinds === null)
      throw unknown(`argument: ${JSON.stringify(`${ref.name}.${argument.name}`.slice(0, 100))}`)
    const found = (await Promise.all(kinds.map(rowsOf))).flat()
    const typed = argument.value.trim().toLowerCase()
    const values = found
      .map(({ id, name }) => `${id} (${name})`)
      .filter((value, at) => {
        const text = value.toLowerCase()
        return text.startsWith(typed) || found[at]?.name.toLowerCase().includes(typed)
      })
    return {
      completion: { values: values.slice(0, most), total: values.length, hasMore: values.length > most },
    }
  }
}

async function listed(offer: Offer, kind: Listed): Promise<Row[]> {
  const { action, rows } = lists[kind]
  const tool = offer.tools.get(action)
  if (tool === undefined || tool.mayNeedApproval) return []
  const { output } = await invoke(offer, tool, {}, async () => null)
  if (!output.success) throw new Error('not listed')
  const found = rows(output as Answer)
  return (Array.isArray(found) ? found : []).flatMap(({ id, name }) =>
    id == null || typeof name !== 'string'
      ? []
      : [{ id: String(id), name: name.replaceAll(/\s+|\p{C}/gu, ' ') }],
  )
}

function unknown(what: string): ProtocolError {
  return new ProtocolError(ProtocolErrorCode.InvalidParams, `Unknown ${what}`)
}
