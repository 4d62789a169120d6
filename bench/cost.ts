// What a call costs this process on top of bare undici, and beside the official SDK; and what importing the package costs.
// npm run bench [-- --rounds 15 --calls 5000]
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { start } from './child.ts'
import type { Job } from './cost-worker.ts'
import { percentile, table } from './report.ts'

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '15' },
    calls: { type: 'string', default: '5000' },
    imports: { type: 'string', default: '41' },
  },
})
const here = import.meta.dirname
const root = join(here, '..', 'dist', 'index.js')
const contenders = ['undici', 'package', 'sdk'] as const
const names = {
  undici: 'undici.request',
  package: "run('get_contact')",
  sdk: 'intercom-client contacts.find',
}
const median = (numbers: readonly number[]) => percentile(numbers, 0.5)

function node(...args: string[]): number {
  return Number(execFileSync(process.execPath, args, { encoding: 'utf8', timeout: 120_000 }))
}

/** CPU of a call, µs, in each round; the contenders take turns. */
function costs(url: string, contactId: string, atOnce: number): Record<Job['contender'], number[]> {
  const found: Record<Job['contender'], number[]> = { undici: [], package: [], sdk: [] }
  for (let round = 0; round < Number(values.rounds); round++) {
    for (const contender of contenders) {
      const job: Job = { contender, root, url, contactId, warm: 3000, calls: Number(values.calls), atOnce }
      found[contender].push(node(join(here, 'cost-worker.ts'), JSON.stringify(job)))
    }
  }
  return found
}

/** The ratio within a round, as the machine's other work comes and goes; its median. */
function ratio(ours: readonly number[], theirs: readonly number[]): string {
  return median(ours.map((value, round) => value / (theirs[round] ?? Number.NaN))).toFixed(2)
}

/** Elapsed time and CPU of one import in a fresh process, ms, medians; the modules take turns. */
function imports(...modules: string[]): { elapsed: number; cpu: number }[] {
  const found = modules.map((): Record<'elapsed' | 'cpu', number[]> => ({ elapsed: [], cpu: [] }))
  for (let round = 0; round < Number(values.imports); round++) {
    for (const [index, module] of modules.entries()) {
      const importing = `await import(${JSON.stringify(module)})`
      found[index]?.elapsed.push(imported('performance.now()', importing, 'performance.now() - from'))
      found[index]?.cpu.push(
        imported(
          'process.cpuUsage()',
          importing,
          '(({ user, system }) => (user + system) / 1000)(process.cpuUsage(from))',
        ),
      )
    }
  }
  return found.map(({ elapsed, cpu }) => ({ elapsed: median(elapsed), cpu: median(cpu) }))
}

function imported(from: string, importing: string, spent: string): number {
  return node('--input-type=module', '-e', `const from = ${from}; ${importing}; console.log(${spent})`)
}

execFileSync('npm', ['run', '--silent', 'build'], { cwd: join(here, '..'), stdio: 'inherit' })
const [zod, ours] = imports('zod', root)
if (zod === undefined || ours === undefined) throw new Error('nothing was imported')
const rowOf = (name: string, { elapsed, cpu }: typeof zod) => [
  name,
  elapsed.toFixed(1),
  (elapsed / zod.elapsed).toFixed(2),
  cpu.toFixed(1),
  (cpu / zod.cpu).toFixed(2),
]
const importRows = [rowOf('zod', zod), rowOf('the package root', ours)]
console.log(`${table(['import', 'ms', 'to zod', 'CPU ms', 'to zod'], importRows)}\n`)

const server = await start(process.execPath, [join(here, 'cost-serve.ts')], /^\{/)
try {
  const { url, contactId }: { url: string; contactId: string } = JSON.parse(server.line)
  const rows = [1, 16].flatMap((atOnce) => {
    const cost = costs(url, contactId, atOnce)
    return contenders.map((name) => [
      String(atOnce),
      names[name],
      median(cost[name]).toFixed(1),
      ratio(cost[name], cost.undici),
      ratio(cost[name], cost.sdk),
    ])
  })
  console.log(table(['calls at once', 'call', 'CPU µs', 'to undici.request', 'to the official SDK'], rows))
} finally {
  await server.end()
}
