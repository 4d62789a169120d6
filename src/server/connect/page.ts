import type { ListedWorkspace } from '../../connect/index.ts'
import type { Refusal } from '../refusal.ts'

/** What stands on each page: nothing runs, nothing is loaded, no frame around it. `consent`: where a form may lead. */
function headersFor(consent: string): Record<string, string> {
  return {
    'Content-Type': 'text/html; charset=utf-8',
    'Cache-Control': 'no-store',
    'Content-Security-Policy': `default-src 'none'; base-uri 'none'; form-action 'self' ${consent}; frame-ancestors 'none'`,
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Referrer-Policy': 'no-referrer',
    'X-Frame-Options': 'DENY',
  }
}

/** A page that says something. */
export function saying(status: number, title: string, text: string, cookie?: string): Response {
  const headers = new Headers(headersFor(''))
  if (cookie !== undefined) headers.append('Set-Cookie', cookie)
  return new Response(document(title, `<p>${escaped(text)}</p>`), { status, headers })
}

/** Asks for the key of an operator, without whom nobody connects a workspace here. */
export function keyPage(consent: string, problem?: Refusal): Response {
  const said = problem === undefined ? '' : `<p role="alert">${escaped(problem.error)}</p>`
  const form = `${said}<form method="post" action="/connect">
<p><label>An operator's key of this server, or access token<br><input type="password" name="key" required autocomplete="off" size="50"></label></p>
<p><button>Continue to Intercom</button></p></form>`
  const { status = 200, headers } = problem ?? {}
  return new Response(document('Connect an Intercom workspace', form), {
    status,
    headers: { ...headersFor(consent), ...headers },
  })
}

/** What a person calls a workspace. */
export function named({ id, name }: Pick<ListedWorkspace, 'id' | 'name'>): string {
  return name === null ? id : `${name} (${id})`
}

function document(title: string, html: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escaped(title)}</title>
<h1>${escaped(title)}</h1>
${html}
</html>
`
}

const escapes: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => escapes[character] ?? character)
}
