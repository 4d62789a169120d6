import manifest from '../../../package.json' with { type: 'json' }
import type { Intercom } from '../../intercom.ts'
import type { Access } from '../../tools/policy.ts'
import { type HttpOptions, httpHandler } from './handler.ts'

/**
 * `/`, for anybody: the reference page for a browser, an index for others. `offered`: what everybody may call here;
 * without it the page is that of the package, which says nothing about this server's keys.
 */
export function rootHandler(offered?: Offered) {
  const { intercom, access, approvals }: Offered = offered ?? { intercom: nobody, access: {} }
  const reference = httpHandler(intercom, { ...access, approvals })
  return {
    async fetch(request: Request): Promise<Response> {
      if (request.method !== 'GET' && request.method !== 'HEAD') {
        const refused = { success: false, error: '/ takes GET only.', code: 'method_not_allowed' }
        return Response.json(refused, { status: 405, headers: { Allow: 'GET, HEAD' } })
      }
      const isBrowser = request.headers.get('accept')?.includes('text/html') === true
      if (isBrowser) return await reference.fetch(new Request(new URL('/docs', request.url), request))
      return Response.json(index, { headers: { 'Cache-Control': 'no-store' } })
    },
  }
}

type Offered = Pick<HttpOptions, 'approvals'> & { intercom: Pick<Intercom, 'call'>; access: Access }

const nobody: Pick<Intercom, 'call'> = {
  call: () => Promise.reject(new Error('the reference calls nothing')),
}

const index = {
  name: manifest.name,
  version: manifest.version,
  mcp: '/mcp',
  actions: '/actions',
  docs: '/docs',
  openapi: '/openapi.json',
  health: '/healthz',
}
