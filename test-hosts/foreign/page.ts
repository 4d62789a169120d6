import type { Client } from './client.ts'
import type { Ledger } from './ledger.ts'

/** One client and what became of its operations. */
export interface Outcome {
  readonly client: Client
  readonly ledger: Ledger
}

/** The text of docs/clients.md. */
export function pageOf(outcomes: readonly Outcome[]): string {
  const rows = outcomes.map(({ client, ledger }) => {
    const { operations, name, version } = client
    const tried = operations.filter((operation) => ledger.isTried(operation)).length
    const worked = operations.filter((operation) => ledger.hasWorked(operation)).length
    return `| ${name} | ${version} | ${operations.length} | ${tried} | ${worked} | ${ledger.left.size} |`
  })
  const left = outcomes
    .filter(({ ledger }) => ledger.left.size > 0)
    .map(({ client, ledger }) => `### ${client.name} ${client.version}\n\n${reasons(ledger.left)}\n`)
  return `${introduction}\n${rows.join('\n')}\n\n## Left, and why\n\n${left.join('\n')}`
}

const introduction = `# Clients of others that run against the local Intercom

Written by \`node test-hosts/foreign/main.ts --write\`; \`npm run test:hosts\` runs every call again and fails when a number
differs. Each client has a seeded workspace of its own and talks to it over HTTP as it would to Intercom: only the address
is another. An operation has worked when the client returned what it promises and, where it wrote, a read after it shows
what was written. One that is left was called too, and failed in the way the reason says.

The integration suites of the SDK's repository, which its package does not hold, were run once for 6.4.0 and 7.0.3, in
November 2026: everything passed that they do not skip themselves (visitors and the phone switch).

| client | version | operations | tried | worked | left |
|---|---|--:|--:|--:|--:|`

/** Operations with the same reason share a line. */
function reasons(left: ReadonlyMap<string, string>): string {
  const byReason = Map.groupBy(left, ([, why]) => why)
  return [...byReason]
    .map(([why, operations]) => `- ${why}: ${operations.map(([name]) => `\`${name}\``).join(', ')}`)
    .join('\n')
}
