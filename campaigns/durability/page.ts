import { availableParallelism } from 'node:os'
import { awayMs, type Span } from './kills.ts'
import { fast, killed, type LateRow, lateMs, type Measured, type Throughput } from './plan.ts'
import { limit } from './promises.ts'
import { delaysMs, people, type Row, settleMs } from './row.ts'

/** What a whole run has found. */
export type Found = {
  rows: Measured[]
  throughputs: Throughput[]
  lates: LateRow[]
  broken: string[]
  seconds: number
}

/** docs/durability.md. */
export function durabilityPage({ rows, throughputs, lates, broken, ...run }: Found): string {
  const [first] = rows
  const sends = number(first?.row.sends ?? 0)
  return `# Durability, measured

Made by \`npm run campaign:durability\` (after \`npm ci --prefix examples/support-workflow\`, which brings the Restate server; the last run took ${Math.round(run.seconds / 60)} minutes on Node.js ${process.version}, ${availableParallelism()} processor cores that it shared with other work). A little of it in two minutes: \`npm run campaign:durability -- --slice\`. It fails when a promise is broken.

## Killed with \`kill -9\`

${sends} sends each, by a caller that asks again under the same key until it has an outcome. Every ${seconds(killed.betweenMs)} somebody is killed.

| | kills | duplicates | lost | reported unknown | reported failed | reported wrongly | most calls in any 10 s | in a window of Intercom's (limit ${number(limit)}) | 429s | recovery p50 | p95 | sends/s |
|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|
${rows.map(({ who, row }) => line(who.name, row)).join('\n')}

- **Duplicates**: there more often than once, how many too many. **Lost**: not there, and reported neither as failed nor as unknown. **Reported wrongly**: lost, or reported as failed and there.
- **Recovery**: for every send that was open at a kill, the time from the kill to its outcome, as its caller sees it; with further kills on the way it counts from the first. With several workers most of what is open is not in the one that is killed. Ours reads before it sends again, and what it does not find it looks for once more after the settle delay (\`settleMs\` [${settleMs.join(', ')}], the default): that is where the seconds go. On the local journal a send that is interrupted again waits anew; on Restate it does not.
- **Most calls in any 10 s**: sliding, over the workspace's own log. Intercom counts by windows that follow each other, and a sender that spends one of them late and the next one early makes more calls in ten seconds that lie across both.
- **Sends/s**: until the last outcome is known, recoveries included. The rate limit allows 166.
- ${broken.length === 0 ? 'No promise was broken: ours lost nothing, sent nothing twice, reported nothing wrongly and kept within each window of the limit.' : `**Broken promises:**\n${broken.map((sentence) => `  - ${sentence}`).join('\n')}`}

## As fast as it goes

${number(throughputs[0]?.calm.sends ?? 0)} sends without a rate limit, ${fast.atOnce} at once; the kills come every ${seconds(fast.betweenMs)}. All processes (Intercom, Restate, workers, caller) share ${availableParallelism()} cores, so compare rows, and do not take the figures for what workers on machines of their own would do.

| | sends/s without kills | with kills | kills | duplicates with kills | lost | reported unknown |
|---|--:|--:|--:|--:|--:|--:|
${throughputs.map(({ who, calm, killed }) => `| ${who.name} | ${perSecond(calm)} | ${perSecond(killed)} | ${killed.kills} | ${bold(killed.duplicates)} | ${bold(killed.lost)} | ${killed.unknown} |`).join('\n')}

With kills the time includes what the last interrupted sends take to recover, so a short run shows more of it than a long one.

## Requests that are at Intercom for longer than the settle delay

One window stays open: the killed process's request may take effect after its successor has looked for the last time. Then both do. Measured by killing a worker while ${lates[0]?.cells[0]?.intents ?? 0} requests are under way, each of which takes effect so long after it has come to Intercom; another one is started 0.3 s later. Its start, and the engine's pause before it tries again, come on top of \`settleMs\` here, and take longer on a busy machine (${lateMs.length} of these run at once): count on \`settleMs\` alone. Duplicates in percent of the sends:

| | settleMs | ${lateMs.map((ms) => `${ms / 1000} s`).join(' | ')} | unknown | reported wrongly |
|---|---|${lateMs.map(() => '--:').join('|')}|--:|--:|
${lates.map(lateLine).join('\n')}

The local journal waits besides until the killed process counts as dead (5 s without a sign of life). A longer \`settleMs\` closes the window further, and every recovery takes that much longer.

## How it is measured

- Two replies of an admin, then a note on a contact, and so on, over ${people} contacts and conversations, each with words of its own, in a fresh [local Intercom](workspace.md) that runs in a process of its own and is not killed. Each write takes effect and is answered ${delaysMs.join(', ')} ms after it has come, drawn from a seed: so some are always under way. Afterwards a plain HTTP client counts what is there. Its rate limit is ${number(limit)} calls in ten seconds, that of a private app; the calls are counted by its own log.
- ${killed.atOnce} sends at once, and those that a kill has interrupted besides. From a seed (${killed.seed}) come the moments of the kills, who is killed (the server in one of three where there is one, else one of the processes), and how long it is away (${seconds(awayMs)}). Kills end when the last send has begun. What happens between is not the same each time.
- *Naive code* sends in a process by \`intercom-client\` with its defaults; what has been answered is noted, and the next process goes on with what is not. A 4xx is noted as failed, another exception as unknown.
- *Official SDK in a Restate step* calls it in \`ctx.run\`, one invocation per send under an idempotency key, with the engine's defaults: what throws is tried again.
- *Ours, local journal*: one process, \`createIntercom({ journal })\`, the same \`idempotencyKey\` each time. *Ours on Restate*: \`intercom_once\`, the send's key; one Restate server, workers behind a TCP balancer.
`
}

function line(name: string, row: Row): string {
  const { recoveriesMs } = row
  const bad = [
    bold(row.duplicates),
    bold(row.lost),
    number(row.unknown),
    number(row.refused),
    bold(row.wrong),
  ]
  const calls = [row.most, row.window, row.limited].map(number)
  const recovery = [0.5, 0.95].map((share) =>
    secondsOf(recoveriesMs[Math.floor(recoveriesMs.length * share)]),
  )
  return `| ${[name, row.kills, ...bad, ...calls, ...recovery, perSecond(row)].join(' | ')} |`
}

function lateLine({ name, settle, cells }: LateRow): string {
  const rates = cells.map(({ duplicates, intents }) => `${Math.round((duplicates / intents) * 100)} %`)
  const sum = (key: 'unknown' | 'wrong') => cells.reduce((total, cell) => total + cell[key], 0)
  return `| ${[name, `[${settle.join(', ')}]`, ...rates, sum('unknown'), bold(sum('wrong'))].join(' | ')} |`
}

function perSecond({ sends, seconds }: Row): string {
  return number(Math.round(sends / seconds))
}

function seconds({ least, most }: Span): string {
  return `${least / 1000} to ${most / 1000} s`
}

function secondsOf(ms: number | undefined): string {
  return ms === undefined ? '' : `${(ms / 1000).toFixed(1)} s`
}

function number(count: number): string {
  return count.toLocaleString('en')
}

function bold(count: number): string {
  return count === 0 ? '0' : `**${number(count)}**`
}
