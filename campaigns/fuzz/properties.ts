import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Tests of properties that `npm test` tries a few times. */
const files = [
  'src/workspace/control/lag-property.test.ts',
  'src/workspace/search/random-queries.test.ts',
  'src/workspace/hostile.test.ts',
]

/** Runs them with other seeds, so many times as often; what broke, as sentences. */
export async function properties(
  times: number,
  seed: number,
  say: (line: string) => void,
): Promise<string[]> {
  const broken: string[] = []
  for (const file of files) {
    const started = performance.now()
    const env = { ...process.env, RANDOM_RUNS: String(times), RANDOM_SEED: String(seed) }
    const args = [
      '--import',
      './test/openapi-validator/everywhere.ts',
      '--test-timeout=900000',
      '--test',
      file,
    ]
    const child = spawn(process.execPath, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'inherit'] })
    let said = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text
    })
    const [code] = await once(child, 'close')
    say(`${file}, ${times} times as often: ${Math.round((performance.now() - started) / 1000)} s`)
    if (code === 0) continue
    say(said)
    broken.push(`${file} with RANDOM_RUNS=${times} RANDOM_SEED=${seed}`)
  }
  return broken
}
