import type { Total } from '../../test/support/fault-model/play-for.ts'
import { type Window, windowSettleMs } from '../../test/support/fault-model/window.ts'
import { atOnce, type Client, clients, cliSends, isOurs, type Row, timeoutMs } from './cell.ts'
import { scale } from './official-sdk.ts'
import { circumstances, faultScenarios, type Scenario } from './scenarios.ts'
import { settleMs } from './senders.ts'
import { type ToolsetRow, toolsetSection } from './toolset-rows.ts'

/** What a whole run has found. */
export type Measured = {
  rows: Row[]
  broken: string[]
  windows: Window[]
  model: Total
  toolsets: ToolsetRow[]
  sends: number
  seconds: number
}

/** docs/reliability.md. */
export function reliabilityPage(measured: Measured): string {
  const { rows, broken, windows, model, toolsets, sends, seconds } = measured
  const ours = rows.filter(({ client }) => isOurs(client))
  const resent = ours.filter(({ duplicates }) => duplicates > 0)
  return `# Reliability, measured

Made by \`npm run campaign:reliability\` (the last run took ${Math.round(seconds / 60)} minutes on Node.js ${process.version}). Each row is ${sends.toLocaleString('en')} sends (${cliSends} for Intercom's command line, which needs a process for each; a tenth for \`huge\`) in a fresh [local Intercom](workspace.md) that lets them go wrong; afterwards a plain HTTP client reads what is really there and it is compared with what was reported. The same campaign with fewer sends is \`npm run campaign:reliability -- --slice\`; it fails when a promise is broken.

## In short

| client | sends | duplicates | in a thousand sends | lost | wrong reports | unknown | unknown, but could be seen |
|---|--:|--:|--:|--:|--:|--:|--:|
${clients.map((client) => summary(client, rows)).join('\n')}

- **Duplicates**: stored more often than sent. **Lost**: reported as a success and not there. **Wrong reports**: lost, or reported as refused or not sent and there. **Unknown**: the client says that it does not know.
- *Unknown, but could be seen* counts replies and notes that were stored before the last look in a form that reading back recognises, and were reported as unknown all the same. In \`verify\` there must be none, so that "unknown" is no way out.
- This package: ${sum(ours, 'duplicates')} duplicates in ${sum(ours, 'sends').toLocaleString('en')} sends, ${resent.length === 0 ? 'none in any scenario' : `all of them in ${[...new Set(resent.map(({ client, scenario }) => `\`${client}\` under "${scenario}"`))].join(', ')}`}. \`verify-then-resend\` sends a reply or note once more when nothing was seen, so one that takes effect after the last look is there twice: that is what at-least-once means. It never resends anything else.
- ${broken.length === 0 ? 'No promise was broken.' : `**Broken promises:**\n${broken.map((sentence) => `  - ${sentence}`).join('\n')}`}

## How it is measured

- In every ten sends: four replies by an admin or contact, one note in a conversation, two notes on contacts, one message from a contact, one message to a contact, one new lead. Each has its own words, which are then counted in conversations, notes, contacts and the outbox, except where the words are the same on purpose: there numbers are compared.
- A fault is injected into half of the requests that write, drawn from a seed; into reads only in "everything at once". 100 contacts, ${atOnce.ours} sends at once (the SDK: ${atOnce['intercom-client']}, the command line: ${atOnce['@intercom/cli']}, which need more of the processor and must not be late because of that).
- All times are scaled down by ${scale}: \`settleMs\` [${settleMs.join(', ')}] instead of [${settleMs.map((ms) => ms * scale).join(', ')}], and, where answers do not come in time, the time limit ${timeoutMs.ours} ms instead of ${timeoutMs.ours * scale} (the SDK: ${timeoutMs['intercom-client']} instead of ${timeoutMs['intercom-client'] * scale}). Elsewhere the time limit is 10 s, so that a busy machine does not make unclear what is clear. \`deadlineMs\` is 15 s, since rate-limit windows last ten real seconds: a call that 429s would hold longer is refused.
- \`intercom-client\` has its default retries. When its source is loaded, one line of its retry loop is changed: the pause is divided by ${scale}. It does not read back; an exception with a 4xx other than 408 is taken for "refused", every other exception for "unknown". A caller that takes an exception for "not sent" and repeats the call makes more duplicates than these. Leads are searched for, then created or updated, as its users do. An answer that never ends it would wait for; the campaign calls it off after 6 s.
- \`@intercom/cli\` is run as it is published, one process for each command, with its own retries and pauses, which are not scaled down. Where answers do not come in time it gets \`--timeout 1\`, its shortest; elsewhere it has its own limit of 30 s. Replies and notes in conversations go through \`conversations reply\`, leads through \`contacts create\` and \`contacts update\`, what it has no command for (notes on contacts, messages, searching by e-mail) through \`api\`. Exit code 0 is "success"; otherwise the last status that \`--verbose\` shows is judged as the SDK's exceptions are.

## Faults

[The local Intercom's page](workspace.md#control) describes each fault. A request with a fault takes effect as the second column says.

${table(faultScenarios, rows)}

## Circumstances

"Same words at once": ten sends of the same words to the same conversation or contact at the same time. While one of them is missing it may still appear, so a later one counts as seen only when there is one more than are missing; until then it is \`unknown\`. "Closed conversation": closed right before each reply; ${reopened(rows)} replies were found as parts of type \`open\`. A workspace that changes typography shows other words than were sent, so what it stored is not recognised: \`unknown\`, and never sent again. While searches lag, messages from contacts and leads cannot be found: \`unknown\` too. "Everything at once" injects ten kinds of faults into a third of all requests, reads included.

${table(circumstances, rows)}

${toolsetSection(toolsets)}
## Killed processes

With a journal and an idempotency key, a call of a process that was killed is made again by its successor, which reads before it sends. \`npm run campaign:faults\` plays random schedules of all faults, kills and circumstances over random actions; in this run: ${model.schedules} schedules, ${model.intents} intents, ${model.interrupted} processes killed (SIGKILL) with calls under way; ${model.success} reported as success, ${model.refused} as refused, ${model.unknown} as unknown, **${model.violations.length} stored twice or reported wrongly**. There no request takes effect later than the settle time, because one window stays open:

The killed process's request may still be under way when the successor has looked for the last time, and then both take effect. The successor waits until a run counts as dead (5 s without a sign of life) and \`settleMs\` has passed since the last one. Measured with the default \`settleMs\` [${windowSettleMs.join(', ')}], a process killed while 40 requests of replies and notes are under way, and a successor that starts at once:

| the killed process's request takes effect after | intents | stored twice | reported success | unknown | wrong reports |
|--:|--:|--:|--:|--:|--:|
${windows.map((one) => `| ${one.lateMs / 1000} s | ${one.intents} | ${one.duplicates} | ${one.success} | ${one.unknown} | ${one.wrong} |`).join('\n')}

A longer \`settleMs\` closes it further. Messages and leads are never sent again by a successor: they stay \`unknown\` where nothing is found.

## Pace and cost

What is used of each window, 429s and waits, alone, in four processes and beside others, and what a call and the import cost, with Intercom's SDK in the same runs: [bench/README.md](../bench/README.md#pace) (\`npm run bench\`, and \`npm run pacing\` there).
`
}

function summary(client: Client, rows: Row[]): string {
  const own = rows.filter((row) => row.client === client)
  const count = (key: Count) => sum(own, key).toLocaleString('en')
  const unseen = own.filter((row) => isVisible(row)).reduce((total, { unseen }) => total + unseen, 0)
  const [duplicates, wrong] = [sum(own, 'duplicates'), sum(own, 'lost') + sum(own, 'denied')]
  return `| ${named(client)} | ${count('sends')} | ${bold(duplicates)} | ${bold(Math.round((duplicates / sum(own, 'sends')) * 1000))} | ${bold(sum(own, 'lost'))} | ${bold(wrong)} | ${count('unknown')} | ${client === 'verify' ? bold(unseen) : unseen.toLocaleString('en')} |`
}

function isVisible({ scenario }: Row): boolean {
  const effect = [...faultScenarios, ...circumstances].find(({ name }) => name === scenario)?.effect
  return effect === 'at once' || effect === 'before the last look'
}

type Count = Exclude<keyof Row, 'scenario' | 'client'>

function sum(rows: Row[], key: Count): number {
  return rows.reduce((total, row) => total + row[key], 0)
}

function bold(count: number): string {
  return count === 0 ? '0' : `**${count.toLocaleString('en')}**`
}

function named(client: Client): string {
  return isOurs(client) ? `\`${client}\`` : `Intercom's \`${client}\``
}

function table(scenarios: Scenario[], rows: Row[]): string {
  const lines = scenarios.flatMap((scenario) =>
    clients.flatMap((client) => {
      const row = rows.find((one) => one.scenario === scenario.name && one.client === client)
      return row === undefined ? [] : [line(row, scenario)]
    }),
  )
  return `| | takes effect | client | sends | stored | success | refused | unknown | duplicates | lost | wrong reports |
|---|---|---|--:|--:|--:|--:|--:|--:|--:|--:|
${lines.join('\n')}`
}

function line(row: Row, { name, effect, faults }: Scenario): string {
  const counts = [row.sends, row.stored, row.success, row.refused, row.unknown]
  const bad = [row.duplicates, row.lost, row.lost + row.denied].map(bold)
  const when =
    faults.length === 0 && effect !== 'refused' ? '' : effect === 'refused' ? 'no, refused' : effect
  const first = row.client === clients[0] ? `${name} | ${when}` : ' | '
  return `| ${first} | ${named(row.client)} | ${[...counts, ...bad].join(' | ')} |`
}

function reopened(rows: Row[]): string {
  const counts = rows.filter((row) => row.reopened > 0 && isOurs(row.client))
  return counts.map(({ client, reopened }) => `${reopened} (${named(client)})`).join(', ')
}
