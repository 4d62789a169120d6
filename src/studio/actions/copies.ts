import type { Action } from './fields.ts'

/** A call in the languages that it can be made in. */
export type Copies = { typescript: string; curl: string; shell: string; mcp: string }

type Call = {
  action: Pick<Action, 'name' | 'toolset'>
  input: Readonly<Record<string, unknown>>
  /** Where the REST interface is: `http://127.0.0.1:8321`. */
  origin: string
  idempotencyKey?: string | undefined
}

export function copiesOf({ action: { name, toolset }, input, origin, idempotencyKey }: Call): Copies {
  const json = JSON.stringify(input)
  const method = name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())
  const options = toolset === null ? '' : `{ toolsets: ['${toolset}'] }`
  const given = Object.keys(input).length === 0 ? '' : literal(input)
  return {
    typescript: `import { createIntercom } from 'modulex-intercom'

const intercom = createIntercom(${options}) // INTERCOM_ACCESS_TOKEN, INTERCOM_API_BASE_URL
const answer = await intercom.${method}(${given})
if (!answer.success) throw new Error(answer.error)
`,
    curl: [
      `curl ${quoted(`${origin}/actions/${name}`)}`,
      '-H "Authorization: Bearer $MODULEX_INTERCOM_API_KEY"',
      "-H 'Content-Type: application/json'",
      ...(idempotencyKey === undefined ? [] : [`-H ${quoted(`Idempotency-Key: ${idempotencyKey}`)}`]),
      `--data-raw ${quoted(json)}`,
    ].join(' \\\n  '),
    shell: `npx modulex-intercom run ${name}${toolset === null ? '' : ` --toolsets ${toolset}`} --input ${quoted(json)}`,
    mcp: JSON.stringify(
      { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: input } },
      null,
      2,
    ),
  }
}

/** For a POSIX shell. */
function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}

/** As TypeScript writes it. */
function literal(value: unknown, indent = ''): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const inner = `${indent}  `
  const items = Array.isArray(value)
    ? value.map((item) => literal(item, inner))
    : Object.entries(value).map(([name, item]) => `${nameOf(name)}: ${literal(item, inner)}`)
  const lines = items.map((item) => `${inner}${item},\n`).join('')
  const text = lines === '' ? '' : `\n${lines}${indent}`
  return Array.isArray(value) ? `[${text}]` : `{${text}}`
}

function nameOf(name: string): string {
  if (name === '__proto__') return `['${name}']` // plain, it would set the prototype
  return /^[a-z_$][\w$]*$/i.test(name) ? name : JSON.stringify(name)
}
