// Runs what needs a Restate server, one file after the other: each starts the real server and kills things.
import { spawnSync } from 'node:child_process'
import { globSync } from 'node:fs'

const failed = globSync('*.test.ts', { cwd: import.meta.dirname }).filter((file) => {
  console.log(`\n# ${file}`)
  const args = ['--test-reporter=spec', `${import.meta.dirname}/${file}`]
  const { status } = spawnSync(process.execPath, args, {
    stdio: 'inherit',
    timeout: 300_000,
    killSignal: 'SIGKILL',
  })
  return status !== 0
})
if (failed.length > 0) console.error(`Failed: ${failed.join(', ')}`)
process.exitCode = failed.length === 0 ? 0 : 1
