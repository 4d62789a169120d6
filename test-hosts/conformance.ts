// Runs the official conformance suite of MCP: its fixture-free scenarios on the product, all of it on a build of the
// same HTTP server with the tools that the suite calls by name; each without a key, and behind one. What fails is
// listed with its reason in expected-failures.*.yml.
import { fileURLToPath } from 'node:url'
import { startKeyed } from './fixture/keyed.ts'
import { type Check, reasonsIn, runSuite } from './fixture/suite.ts'
import { bin, key, served } from './served.ts'

/** A server to test, by some scenarios of each version of the protocol or by all. */
type Target = {
  name: string
  program: string[]
  /** The failures that are expected. */
  list: string
  scenarios: Record<string, (string | undefined)[]>
}

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const everywhere = ['tools-list', 'resources-list', 'prompts-list']
const since2025 = ['server-sse-multiple-streams', 'dns-rebinding-protection']

const targets: Target[] = [
  {
    name: 'product',
    program: [bin, 'serve', '--local', '--port', '0'],
    list: here('expected-failures.product.yml'),
    scenarios: {
      '2025-06-18': ['server-initialize', 'ping', ...everywhere],
      '2025-11-25': ['server-initialize', 'ping', ...everywhere, ...since2025],
      '2026-07-28': [
        'server-stateless',
        'http-header-validation',
        'caching',
        'sep-2164-resource-not-found',
        'input-required-result-unsupported-methods',
        ...everywhere,
        ...since2025,
      ],
    },
  },
  {
    name: 'fixture',
    program: [here('fixture/serve.ts')],
    list: here('expected-failures.fixture.yml'),
    scenarios: { '2025-06-18': [undefined], '2025-11-25': [undefined], '2026-07-28': [undefined] },
  },
]

const totals: string[] = []
let failures = 0

for (const target of targets) {
  const open = await served(target.program, { MODULEX_INTERCOM_API_KEY: undefined })
  const seen = await tested(target, target.name, open.url, console.log).finally(open.stop)
  for (const entry of reasonsIn(target.list).keys()) {
    if (!seen.has(entry)) fail(`${target.name}: ${entry} is listed and never failed`)
  }

  const closed = await served(target.program, { MODULEX_INTERCOM_API_KEY: key })
  const keyed = await startKeyed(closed.url, key)
  try {
    const { status } = await fetch(`${closed.url}/mcp`, { method: 'POST', body: '{}' })
    if (status !== 401) fail(`${target.name}: ${status} without the key`)
    await tested(target, `${target.name} behind a key`, keyed.url, () => {})
  } finally {
    await keyed.stop()
    await closed.stop()
  }
}

console.log(`\n${totals.join('\n')}`)
process.exitCode = failures === 0 ? 0 : 1

/** Says a line per scenario, and answers which listed failures came up. */
async function tested(
  { list, scenarios }: Target,
  name: string,
  url: string,
  say: (line: string) => void,
): Promise<Set<string>> {
  const reasons = reasonsIn(list)
  const seen = new Set<string>()
  for (const [version, chosen] of Object.entries(scenarios)) {
    const sum = { scenarios: 0, passed: 0, checks: 0 }
    for (const one of chosen) {
      const { passed, found, output } = await runSuite(`${url}/mcp`, version, list, one)
      if (!passed || found.size === 0) fail(`${name}, ${version}:\n${output}`)
      for (const [scenario, checks] of found) {
        const { mark, passed, wrong, why } = judged(scenario, checks, reasons)
        const line = `${name}, ${version}: ${scenario}: ${passed} of ${passed + wrong.length}${why}`
        if (mark === '✗') fail(line)
        else say(`${mark} ${line}`)
        for (const entry of wrong) seen.add(entry)
        sum.scenarios += 1
        sum.passed += passed
        sum.checks += passed + wrong.length
      }
    }
    totals.push(
      `${name}, ${version}: ${sum.scenarios} scenarios, ${sum.passed} of ${sum.checks} checks passed`,
    )
  }
  return seen
}

/** `✓` all passed, `~` the rest is listed, `-` nothing applied, `✗` something is not listed. */
function judged(scenario: string, checks: readonly Check[], reasons: ReadonlyMap<string, string>) {
  const passed = checks.filter(({ status }) => status === 'SUCCESS').length
  const failed = checks.filter(({ status }) => status === 'FAILURE' || status === 'WARNING')
  const wrong = failed.map(({ id }) => `${scenario}:${id}`)
  const why = new Set(failed.map(({ id, errorMessage }) => reasons.get(`${scenario}:${id}`) ?? errorMessage))
  const good = passed > 0 ? '✓' : '-'
  const mark = wrong.length === 0 ? good : wrong.every((entry) => reasons.has(entry)) ? '~' : '✗'
  return { mark, passed, wrong, why: why.size === 0 ? '' : ` (${[...why].join('; ')})` }
}

function fail(what: string): void {
  console.log(`✗ ${what}`)
  failures += 1
}
