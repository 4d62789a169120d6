import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Report, Send } from '../../../campaigns/reliability/send.ts'
import { ours } from '../../../campaigns/reliability/senders.ts'
import { openWorld, type World } from '../../../campaigns/reliability/world.ts'
import type { Schedule } from './schedule.ts'
import { runUntilKilled } from './victim.ts'

/** What one schedule came to. */
export type Played = {
  intents: number
  /** Whether the process was killed before all its calls had ended. */
  interrupted: boolean
  reports: Report[]
  /** What must never be, as sentences. */
  violations: string[]
}

const timeoutMs = 200
/** The successor's lies beyond the five seconds for which a killed process counts as alive. */
const deadlineMs = { first: 2000, second: 6500, last: 1000 }

type Call = { id: string; send: Send; afterMs: number }

/** Lets a process make the calls of a schedule, then a successor the same ones, and compares with the workspace. */
export async function play(schedule: Schedule): Promise<Played> {
  const directory = mkdtempSync(join(tmpdir(), 'modulex-intercom-faults-'))
  const journal = join(directory, 'journal.db')
  const world = await openWorld(2)
  try {
    const calls = callsOf(schedule, world)
    arrange(world, schedule)
    const host = { url: world.url, accessToken: world.accessToken, timeoutMs, deadlineMs: deadlineMs.first }
    const { onUnknown, killMs, warm } = schedule
    const later = (deadlineMs: number) => ours({ ...host, deadlineMs }, onUnknown, { journal })
    const moment = killMs === null ? null : () => sleep(killMs)
    const first = await runUntilKilled({ host, onUnknown, journal, calls, warm }, moment)
    const second = await callAgain(later(deadlineMs.second), calls)
    world.workspace.control.clearFaults()
    const third = await callAgain(later(deadlineMs.last), calls)
    await sleep(200)
    world.workspace.control.setSearchLag(0)
    const { counts } = await world.count()
    const violations = [...judge(calls, third, counts), ...changed(calls, [first, second, third])]
    return {
      intents: calls.length,
      interrupted: first.size < calls.length,
      reports: [...third.values()],
      violations,
    }
  } finally {
    await world.close()
    rmSync(directory, { recursive: true })
  }
}

/** A contact of an e-mail there is but once: those have words of their own. */
const unique = ['lead', 'user']

function callsOf({ intents }: Schedule, { targets }: World): Call[] {
  return intents.flatMap(({ kind, target: at, afterMs, words }, number) => {
    const target = targets[at]
    if (target === undefined) return []
    const mark = unique.includes(kind)
      ? `markunique${number}`
      : `mark${kind.replaceAll('_', '')}${at}words${words}`
    return [{ id: `intent ${number}`, send: { kind, target, mark }, afterMs }]
  })
}

function arrange({ workspace: { control } }: World, { faults, skew, searchLag, rewrite }: Schedule): void {
  control.clock.skew(skew)
  control.setSearchLag(searchLag)
  control.setRewrite(rewrite)
  for (const fault of faults) control.addFault(fault)
}

async function callAgain(sender: ReturnType<typeof ours>, calls: Call[]): Promise<Map<string, Report>> {
  const reports = await Promise.all(
    calls.map(async ({ id, send }) => [id, await sender.send(send, id)] as const),
  )
  await sender.close()
  return new Map(reports)
}

/** Intents of the same words are judged together. */
function judge(calls: Call[], reports: Map<string, Report>, counts: Map<string, number>): string[] {
  return [...Map.groupBy(calls, ({ send }) => send.mark)].flatMap(([mark, group]) => {
    const stored = counts.get(mark) ?? 0
    const of = (report: Report) => group.filter(({ id }) => reports.get(id) === report).length
    const said = `${mark}: ${group.length} intended, ${stored} stored, ${of('success')} reported as success, ${of('refused')} as refused`
    const wrong: [boolean, string][] = [
      [stored > group.length, 'stored too often'],
      [stored < of('success'), 'a success is missing'],
      [stored > group.length - of('refused'), 'something refused is there'],
    ]
    return wrong.flatMap(([is, what]) => (is ? [`${what}: ${said}`] : []))
  })
}

/** Once a success, always one. */
function changed(calls: Call[], rounds: Map<string, Report>[]): string[] {
  return calls.flatMap(({ id, send }) => {
    const said = rounds.map((round) => round.get(id) ?? 'nothing')
    const since = said.indexOf('success')
    const stays = since < 0 || said.slice(since).every((report) => report === 'success')
    return stays ? [] : [`a success became another outcome: ${send.mark} ${said.join(', ')}`]
  })
}
