import { isTokenGood, type OAuthApp, type Workspaces } from '../../connect/index.ts'
import { isSignedBody } from '../../connect/signature.ts'

type Listener = { workspaces: Workspaces; app: OAuthApp; say(text: string): void }

/** Answers what Intercom says or asks about an installation, signed by the client secret (docs/intercom-api.md 7). */
export async function answerIntercom(path: string, request: Request, listener: Listener): Promise<Response> {
  const body = new Uint8Array(await request.arrayBuffer())
  const { clientSecret } = listener.app
  if (!isSignedBody(body, request.headers.get('x-body-signature'), clientSecret))
    return answer(401, { error: 'X-Body-Signature does not fit this body and the client secret of the app.' })
  const given = fieldsOf(body)
  return path === '/connect/health'
    ? await healthOf(textOf(given['workspace_id']), listener)
    : await uninstalled(textOf(given['app_id']), listener)
}

/**
 * A notification carries no time, and could be an old one: the workspace is forgotten once Intercom refuses its token, and
 * stays where the token works.
 */
async function uninstalled(id: string, { workspaces, app, say }: Listener): Promise<Response> {
  const found = await workspaces.find(id)
  if (found === null) return answer(200, { status: 'not_connected' })
  const token = found.state === 'changed' ? undefined : await workspaces.accessToken(id)
  const isGood = token !== undefined && (await isTokenGood(found.base_url, token, app))
  // It may have been connected again meanwhile.
  if (isGood || !(await workspaces.remove(id, token))) return answer(200, { status: 'still_connected' })
  say(`The workspace ${id} has uninstalled the app.`)
  return answer(200, { status: 'removed' })
}

async function healthOf(id: string, { workspaces }: Listener): Promise<Response> {
  const found = await workspaces.find(id)
  if (found === null) return answer(200, { state: 'UNKNOWN' })
  return answer(200, { state: found.state === 'connected' ? 'OK' : 'UNHEALTHY' })
}

function fieldsOf(body: Uint8Array): Record<string, unknown> {
  try {
    const given: unknown = JSON.parse(new TextDecoder().decode(body))
    return typeof given === 'object' && given !== null ? (given as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function answer(status: number, body: object): Response {
  return Response.json(body, { status, headers: { 'Cache-Control': 'no-store' } })
}
