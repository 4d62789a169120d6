import { escapeName } from '../entities.ts'
import type { HubApp } from './app.ts'

/** A workspace that an app can be installed into. */
export type Offered = { id: string; name: string; region: string }

/** What an app asks for: `redirect` is one of its own URLs. */
export type Asked = { app: HubApp; redirect: string; state: string | null }

/** Reads what an app asks for. What cannot be sent back to the app is a text for the person (choice). */
export function askedBy(apps: ReadonlyMap<string, HubApp>, given: URLSearchParams): Asked | string {
  const app = apps.get(given.get('client_id') ?? '')
  if (app === undefined) return 'There is no app with this client_id.'
  const redirect = given.get('redirect_uri') ?? app.redirect_urls[0] ?? ''
  if (!app.redirect_urls.includes(redirect)) return 'This redirect_uri is not one of the app.'
  return { app, redirect, state: given.get('state') }
}

/** The address that a browser is sent back to. */
export function backTo({ redirect, state }: Asked, result: Record<string, string>): string {
  const url = new URL(redirect)
  for (const [name, value] of Object.entries(result)) url.searchParams.set(name, value)
  if (state !== null) url.searchParams.set('state', state)
  return url.href
}

/** The page on which somebody agrees. Whoever opens it is taken for a teammate of every workspace that it offers. */
export function consentPage({ app, redirect, state }: Asked, workspaces: readonly Offered[]): Response {
  const hidden = { client_id: app.client_id, redirect_uri: redirect, ...(state === null ? {} : { state }) }
  const inputs = Object.entries(hidden).map(
    ([name, value]) => `<input type="hidden" name="${name}" value="${escapeName(value)}">`,
  )
  const choices = workspaces.map(
    ({ id, name, region }, at) =>
      `<p><label><input type="radio" name="workspace" value="${escapeName(id)}"${at === 0 ? ' checked' : ''}> ${escapeName(name)} (${region})</label></p>`,
  )
  return page(
    200,
    `<h1>Connect ${escapeName(app.client_id)} to Intercom</h1>
<form method="post" action="/oauth">${inputs.join('')}${choices.join('')}
<button name="decision" value="connect">Connect</button> <button name="decision" value="cancel">Cancel</button></form>`,
  )
}

export function page(status: number, html: string): Response {
  const headers = { 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-store' }
  return new Response(`<!doctype html><meta charset="utf-8"><title>Local Intercom</title>${html}`, {
    status,
    headers,
  })
}
