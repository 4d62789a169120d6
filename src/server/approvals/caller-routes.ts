import type { ApprovalStore } from '../../approvals/approval.ts'
import type { KeyContext, MountHandler } from '../mounts.ts'
import { answeredBy, json, refused } from './answers.ts'
import { callerView } from './views.ts'

/** `GET /approvals/{id}` with an API key: what became of the key's own calls. It sees no others, and decides nothing. */
export function callerRoutes(store: ApprovalStore, { name }: Pick<KeyContext, 'name'>): MountHandler {
  return {
    async fetch(request) {
      const [, id, rest] = /^\/approvals\/([\w-]+)(\/.*)?$/.exec(new URL(request.url).pathname) ?? []
      if (id === undefined || rest !== undefined)
        return refused(
          403,
          'not_an_operator',
          'Only an operator may see all approvals and decide. An API key sees its own: GET /approvals/{id}.',
        )
      if (request.method !== 'GET' && request.method !== 'HEAD')
        return refused(405, 'method_not_allowed', 'An approval takes GET only.', {}, { Allow: 'GET, HEAD' })
      return await answeredBy(async () => {
        const approval = await store.get(id)
        if (approval === null || approval.caller !== name) return noSuchApproval()
        const waits = approval.state === 'waiting' || approval.state === 'approved'
        return json(callerView(approval), 200, waits ? { 'Retry-After': '15' } : {})
      })
    },
  }
}

export function noSuchApproval(): Response {
  return refused(404, 'no_such_approval', 'There is no such approval. They are kept for 30 days.')
}
