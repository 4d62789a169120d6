import type { Description } from '../../core/describe.ts'
import { statuses } from './responses.ts'

/** A reference page for the actions, without scripts or external resources. */
export function docsOf(described: readonly Description[], origin: string, keeps: boolean): string {
  const names = described.map(({ name }) => `<li><a href="#${name}"><code>${name}</code></a></li>`).join('')
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Intercom: actions over HTTP</title>
<style>${style}</style>
<h1>Intercom</h1>
<p>Each action is a <code>POST</code> to <code>/actions/NAME</code>: its parameters as one JSON object in, <code>{ success, error, … }</code> out, always with all keys. ${links}</p>
<ul class="names">${names}</ul>
<h2>Statuses</h2>
<table>${statuses.map(([status, , says]) => row([`<code>${status}</code>`, escaped(says)])).join('')}</table>
<p>${escaped(keeps ? kept : notKept)}</p>
${described.map((one) => sectionOf(one, origin)).join('\n')}
</html>
`
}

const links =
  'For generators and agents: <a href="/openapi.json">OpenAPI 3.1</a>; for catalogues: <a href="/manifest.json">manifest</a>.'

const kept =
  'Idempotency-Key: a key of your own for a write. A second call with the same key and input sends nothing and gets the first outcome; while the first is running it gets 409, with another input 422. A call that sent nothing is not kept.'
const notKept = 'This server keeps no journal: it refuses an Idempotency-Key on actions that write.'

function sectionOf(
  { name, title, description, effect, parameters, input_schema }: Description,
  origin: string,
) {
  const rows = Object.entries(parameters).map(([parameter, { type, required, description }]) =>
    row([
      `<code>${escaped(parameter)}</code>${required ? ' <b>required</b>' : ''}`,
      escaped(type),
      escaped(description),
    ]),
  )
  const required = (input_schema['required'] as string[] | undefined) ?? []
  const example = JSON.stringify(Object.fromEntries(required.map((parameter) => [parameter, '…'])))
  const curl = `curl ${origin}/actions/${name} -H 'Authorization: Bearer KEY' -H 'Content-Type: application/json' -d '${example}'`
  return `<section id="${name}"><h2>${escaped(title)} <small>${effect}</small></h2>
<p>${escaped(description)}</p>
<table>${rows.join('')}</table>
<pre>${escaped(curl)}</pre></section>`
}

function row(cells: readonly string[]): string {
  return `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}

const style = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
.names { columns: 14rem; padding-left: 1rem }
small { font-weight: normal; border: 1px solid; border-radius: 4px; padding: 0 .4em; font-size: .6em }
table { border-collapse: collapse } td { border-top: 1px solid #8884; padding: .3rem .8rem .3rem 0; vertical-align: top }
pre { white-space: pre-wrap; overflow-wrap: anywhere; background: #8882; padding: .8rem; border-radius: 4px }
`
