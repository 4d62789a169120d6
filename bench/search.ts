// Searches at two sizes: how long a request takes, and the page and the exact count apart.
// npm run search [-- --contacts 10000,1000000] [--samples 200]
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createWorkspace } from '../src/workspace/index.ts'
import { type Bench, openBench } from './bench-store.ts'
import { percentile, table } from './report.ts'
import { searches } from './searches.ts'

const { values } = parseArgs({
  options: {
    contacts: { type: 'string', default: '10000,1000000' },
    samples: { type: 'string', default: '200' },
    dir: { type: 'string', default: 'data' },
  },
})
const sizes = values.contacts.split(',').map(Number)
/** No search is measured for longer than this. */
const mostMs = 8_000

/** Milliseconds of one request, as a whole and by what its statements did. */
interface Timing {
  whole: number
  page: number
  count: number
}

const results = new Map<string, Map<number, { timings: Timing[]; matches: number[] }>>()
for (const size of sizes) {
  mkdirSync(values.dir, { recursive: true })
  const file = join(values.dir, `search-${size}.db`)
  if (!existsSync(file)) {
    console.error(`Seeding ${file}`)
    await (await createWorkspace({ data: file, seed: size })).close()
  }
  const bench = openBench(file)
  for (const { name, path, bodies } of searches(bench)) {
    const timings: Timing[] = []
    const matches: number[] = []
    const list = bodies(Number(values.samples))
    for (const body of list.slice(0, 3)) measure(bench, path, body)
    const end = performance.now() + mostMs
    for (const body of list) {
      const { timing, total } = measure(bench, path, body)
      timings.push(timing)
      matches.push(total)
      if (performance.now() > end) break
    }
    const sized = results.get(name) ?? new Map()
    sized.set(size, { timings, matches })
    results.set(name, sized)
    console.error(
      name,
      size,
      percentile(
        timings.map(({ whole }) => whole),
        0.5,
      ).toFixed(2),
    )
  }
  bench.close()
}

function measure(bench: Bench, path: string, body: unknown): { timing: Timing; total: number } {
  bench.spent.page = 0
  bench.spent.count = 0
  const started = performance.now()
  const total = bench.search(path, body)
  const whole = performance.now() - started
  return { timing: { whole, ...bench.spent }, total }
}

const ms = (value: number) => value.toFixed(value < 10 ? 2 : 0)
const rows = [...results].map(([name, sized]) => {
  const cells = sizes.flatMap((size) => {
    const { timings = [], matches = [] } = sized.get(size) ?? {}
    const of = (key: keyof Timing, p: number) =>
      percentile(
        timings.map((timing) => timing[key]),
        p,
      )
    return [
      String(percentile(matches, 0.5)),
      `${ms(of('whole', 0.5))} / ${ms(of('whole', 0.95))}`,
      `${ms(of('page', 0.5))} + ${ms(of('count', 0.5))}`,
    ]
  })
  const [first, last] = [sizes[0] ?? 0, sizes.at(-1) ?? 0].map((size) =>
    percentile(
      (sized.get(size)?.timings ?? []).map(({ whole }) => whole),
      0.5,
    ),
  )
  return [name, ...cells, `${((last ?? 0) / (first || 1)).toFixed(1)}×`]
})
const heads = sizes.flatMap((size) => [
  `matches at ${size.toLocaleString('en')}`,
  'p50 / p95 ms',
  'page + count ms',
])
console.log(table(['search', ...heads, 'growth of p50'], rows))
