import { setTimeout as sleep } from 'node:timers/promises'
import { createIntercom, type Intercom } from '../../src/index.ts'
import { type Case, toolsetCases } from '../../test/support/toolset-cases.ts'
import { latestMs, timeoutMs } from './cell.ts'
import type { Scenario } from './scenarios.ts'
import type { Report } from './send.ts'
import { settleMs } from './senders.ts'
import { type Tally, tally } from './tally.ts'
import { openWorld, type World } from './world.ts'

/** What became of the calls of one action under one fault. */
export type ToolsetRow = { action: string; scenario: string; client: Mode; once: boolean } & Tally

const modes = ['report', 'verify'] as const
type Mode = (typeof modes)[number]

/** Calls every non-idempotent action of the toolsets `times` times under each fault, each on a thing of its own. */
export async function toolsetRows(
  scenarios: readonly Scenario[],
  times: number,
  onRow: (row: ToolsetRow) => void = () => {},
): Promise<ToolsetRow[]> {
  const rows: ToolsetRow[] = []
  const world = await openWorld(1)
  for (const scenario of scenarios)
    for (const client of modes) {
      const intercom = createIntercom({
        baseUrl: world.url,
        accessToken: world.accessToken,
        toolsets: ['all'],
        timeoutMs: scenario.endless ? timeoutMs.ours : 10_000,
        deadlineMs: 15_000,
        settleMs,
        onUnknown: client,
      })
      for (const [{ once = false, ...one }, counts] of await cell(world, scenario, intercom, times)) {
        const row = { action: named(one), scenario: scenario.name, client, once, ...counts }
        rows.push(row)
        onRow(row)
      }
      await intercom.close()
    }
  await world.close()
  return rows
}

async function cell(
  world: World,
  scenario: Scenario,
  intercom: Intercom,
  times: number,
): Promise<[Case, Tally][]> {
  const { control } = world.workspace
  const intents = await Promise.all(
    toolsetCases.flatMap((one) =>
      Array.from({ length: times }, async () => ({ one, input: await one.input(world) })),
    ),
  )
  let seed = 1
  const routes = new Set(toolsetCases.map(({ route }) => route))
  for (const fault of scenario.faults)
    for (const route of routes) control.addFault({ probability: 0.5, ...fault, route, seed: seed++ })
  const done = await Promise.all(
    intents.map(async (intent) => ({
      ...intent,
      report: await reportOf(intercom, intent.one, intent.input),
    })),
  )
  control.clearFaults()
  await sleep(latestMs(scenario) + 300)
  const tallies = Map.groupBy(done, ({ one }) => one).entries()
  return Promise.all(
    [...tallies].map(async ([one, own]): Promise<[Case, Tally]> => {
      const stored = await Promise.all(own.map(({ one, input }) => one.count(world, input)))
      return [
        one,
        tally(
          own.map(({ report }) => report),
          stored,
        ),
      ]
    }),
  )
}

/** An action in a table. */
function named({ action, what }: Pick<Case, 'action' | 'what'>): string {
  return what === undefined ? `\`${action}\`` : `\`${action}\` ${what}`
}

async function reportOf(intercom: Intercom, { action }: Case, input: object): Promise<Report> {
  const { failure } = await intercom.call(action, input)
  if (failure === null) return 'success'
  return failure.outcome === 'unknown' ? 'unknown' : 'refused'
}

/** Which promises the rows break, as sentences. */
export function brokenByToolsets(rows: readonly ToolsetRow[]): string[] {
  return rows.flatMap(({ action, scenario, client, duplicates, wrong }) =>
    duplicates + wrong === 0
      ? []
      : [`${action}, ${scenario}, ${client}: ${duplicates} are there twice, ${wrong} reported wrongly`],
  )
}

/** A section of docs/reliability.md. */
export function toolsetSection(rows: readonly ToolsetRow[]): string {
  const of = Map.groupBy(rows, ({ action, client }) => `| ${action} | \`${client}\` |`)
  const lines = [...of].map(([head, own]) => {
    const sum = (key: Exclude<keyof Tally, never>) => own.reduce((total, row) => total + row[key], 0)
    const duplicates = own.every(({ once }) => once) ? 'cannot' : sum('duplicates')
    const counts = [sum('intents'), sum('success'), sum('unknown'), duplicates, sum('wrong')]
    return `${head} ${counts.join(' | ')} |`
  })
  return `## Actions of toolsets

The non-idempotent actions of the [toolsets](toolsets.md), each on a conversation, lead or title of its own, under ${new Set(rows.map(({ scenario }) => scenario)).size} kinds of faults (\`npm run campaign:reliability -- --toolsets\`). A plain HTTP client counts afterwards how often each change is there; a lead is merged, and a conversation becomes a ticket, only once in Intercom.

| action | client | calls | success | unknown | duplicates | wrong reports |
|---|---|--:|--:|--:|--:|--:|
${lines.join('\n')}
`
}
