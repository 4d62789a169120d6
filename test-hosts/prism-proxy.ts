// Runs the conformance and SDK tests with `prism proxy` between them and the workspace, and says what prism
// finds wrong by Intercom's description. What the description itself has wrong is listed in listed.ts.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { glob } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { HOW_TO_GET_THE_DESCRIPTION } from '../test/openapi-validator/index.ts'
import { readLog } from './log.ts'
import { freePort, prismCommand, startPrism } from './prism.ts'
import { startRelay } from './relay.ts'
import { report } from './report.ts'

/** Tests that prism cannot take part in: requests that are wrong on purpose by the thousand, and its own bugs. */
const SKIPPED = [
  'odd values',
  // Prism never answers a body that is no JSON.
  'a body that is not JSON',
  // Probes of operations that the workspace lacks: 501 is ours alone.
  'operation',
]

const root = fileURLToPath(new URL('..', import.meta.url))
/** Of all files together, beside a busy machine. */
const limitMs = 400_000
const description = process.env['INTERCOM_OPENAPI']

if (!description) console.log(`Skipped: ${HOW_TO_GET_THE_DESCRIPTION}`)
else if (!existsSync(prismCommand)) {
  console.error('prism is not installed: npm ci --prefix test-hosts')
  process.exitCode = 1
} else {
  const started = Date.now()
  const port = await freePort()
  const prism = await startPrism(description, `http://127.0.0.1:${port}`, 60_000)
  const relay = await startRelay(prism.port)
  try {
    let failed = 0
    for await (const file of glob(
      ['test/workspace/conformance.test.ts', 'test/workspace/official-sdk*.test.ts'],
      {
        cwd: root,
      },
    )) {
      const left = limitMs - (Date.now() - started)
      const passed = await runTests(file, { WORKSPACE_PORT: String(port), WORKSPACE_URL: relay.url }, left)
      console.log(`${passed ? '✓' : '✗'} ${file}`)
      failed += passed ? 0 : 1
    }
    const unlisted = report(readLog(await prism.stop()))
    process.exitCode = failed + unlisted === 0 ? 0 : 1
  } finally {
    await relay.stop()
    await prism.stop()
  }
}

/** Whether the tests pass in time. */
function runTests(file: string, environment: Record<string, string>, timeout: number): Promise<boolean> {
  const args = [
    '--test',
    '--test-reporter=dot',
    ...SKIPPED.map((name) => `--test-skip-pattern=${name}`),
    file,
  ]
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: Math.max(timeout, 1),
  })
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString()
  })
  return new Promise((resolve) => {
    child.on('close', (code, signal) => {
      if (code !== 0) console.log(signal === null ? output : `Ended with ${signal}: out of time.`)
      resolve(code === 0)
    })
  })
}
