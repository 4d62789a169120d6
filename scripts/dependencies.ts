import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** A package that is installed with this one. */
export type Dependency = {
  name: string
  version: string
  license: string
  /** KiB of its files, as they are installed. */
  kib: number
  /** Of npm's scripts those that run when it is installed. */
  installScripts: string[]
  /** Those that ask for it; `null`: this package itself. */
  from: string | null
}

type Manifest = {
  version: string
  license: string
  scripts?: Record<string, string>
  dependencies?: Record<string, string>
  gypfile?: boolean
}

const reasons: Record<string, string> = {
  '@modelcontextprotocol/server': 'MCP over stdio and HTTP',
  '@modelcontextprotocol/core': 'of the MCP server',
  'csv-parse': "bulk's CSV files",
  entities: 'character references in what customers wrote',
  hono: 'routes of the local Intercom',
  jose: 'access tokens of people who sign in to the server: JWTs and the keys they are signed with',
  undici: 'connections to Intercom: pools, proxies, timeouts',
  yaml: "the local Intercom's fixtures, with the line and column of a mistake",
  zod: 'checks of every input, and the schemas made of them',
}

/** Every package that the running package loads or brings, in the folder that `npm ci` fills. Optional peers are the host's. */
export function dependencies(root: string): Dependency[] {
  const found = new Map<string, Dependency>()
  const asked: [name: string, from: string | null][] = []
  const ask = ({ dependencies: names = {} }: Manifest, from: string | null) => {
    for (const name of Object.keys(names).sort()) asked.push([name, from])
  }
  ask(manifestIn(root), null)
  for (const [name, from] of asked) {
    if (found.has(name)) continue
    const folder = join(root, 'node_modules', name)
    const manifest = manifestIn(folder)
    const { version, license, scripts = {}, gypfile } = manifest
    const installScripts = ['preinstall', 'install', 'postinstall'].filter((one) => one in scripts)
    if (gypfile) installScripts.push('node-gyp')
    found.set(name, { name, version, license, kib: Math.round(bytesIn(folder) / 1024), installScripts, from })
    ask(manifest, name) // the loop goes on to them
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
}

function manifestIn(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
}

/** Of its files, without packages of its own: those stand for themselves. */
function bytesIn(folder: string): number {
  const entries = readdirSync(folder, { withFileTypes: true }).filter(({ name }) => name !== 'node_modules')
  const sizes = entries.map((entry) => {
    const path = join(folder, entry.name)
    return entry.isDirectory() ? bytesIn(path) : statSync(path).size
  })
  return sizes.reduce((sum, size) => sum + size, 0)
}

/** docs/dependencies.md. */
export function dependenciesPage(all: readonly Dependency[]): string {
  const rows = all.map(({ name, version, license, kib, from }) => {
    const reason = reasons[name]
    if (reason === undefined) throw new Error(`scripts/dependencies.ts does not say why ${name} is there`)
    const asked = from === null ? 'this package' : `\`${from}\``
    return `| \`${name}\` | ${version} | ${license} | ${kib.toLocaleString('en')} | ${asked} | ${reason} |`
  })
  const total = all.reduce((sum, { kib }) => sum + kib, 0)
  return `# Dependencies

Every package that is installed with this one, as \`package-lock.json\` pins it; written by \`npm run generate\`. None has an install script, which a test checks.

| package | version | licence | KiB installed | asked for by | why |
|---|---|---|--:|---|---|
${rows.join('\n')}
| together | | | ${total.toLocaleString('en')} | | |

The SDKs of LangChain, OpenAI Agents, the AI SDK, OpenTelemetry and Restate are optional peers: whoever uses one brings it.
`
}
