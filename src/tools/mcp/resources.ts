import {
  type ReadResourceResult,
  ResourceNotFoundError,
  type ResourceTemplateType,
} from '@modelcontextprotocol/server'
import { isMissing } from '../../core/outcome.ts'
import { invoke } from '../invoke.ts'
import type { Offer } from '../offer.ts'
import type { Tool } from '../policy.ts'

export const mimeType = 'text/plain'

/** `resources/templates/list`: what the offered actions get by id, without asking anybody. */
export function resourceTemplates(tools: readonly Tool[]): ResourceTemplateType[] {
  return tools.flatMap(({ action, description, mayNeedApproval }) => {
    const { title } = description
    return action.resource === undefined || mayNeedApproval
      ? []
      : [{ uriTemplate: `intercom://${action.resource.collection}/{id}`, name: action.name, title, mimeType }]
  })
}

/** `resources/read`: the same text as the tool's. */
export async function readResource(
  offer: Offer,
  uri: string,
  signal: AbortSignal,
): Promise<ReadResourceResult> {
  const [, collection, segment = ''] = /^intercom:\/\/([a-z]+)\/([^/?#]+)$/.exec(uri) ?? []
  const tool = [...offer.tools.values()].find(({ action }) => action.resource?.collection === collection)
  if (tool?.action.resource === undefined || collection === undefined || tool.mayNeedApproval)
    throw new ResourceNotFoundError(uri)
  const given = { [tool.action.resource.parameter]: decoded(segment) }
  const { text, failure } = await invoke(offer, tool, given, async () => null, { signal })
  if (failure !== null && isMissing(failure)) throw new ResourceNotFoundError(uri, text)
  if (failure !== null) throw new Error(text)
  return { contents: [{ uri, mimeType, text }] }
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}
