import { main } from './main.ts'

// A reader that went away (`| head`) is no failure of ours; a full disk is.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') return
    if (stream === process.stdout)
      console.error(`modulex-intercom: stdout cannot be written: ${error.message}`)
    process.exit(1)
  })
}
// Node.js 22 calls its SQLite experimental at every start.
const { emitWarning } = process
process.emitWarning = (warning: string | Error, ...more: unknown[]) => {
  if (!String(warning).startsWith('SQLite is an experimental'))
    Reflect.apply(emitWarning, process, [warning, ...more])
}

process.exitCode = await main(process.argv.slice(2))
