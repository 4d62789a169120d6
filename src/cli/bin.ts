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
process.exitCode = await main(process.argv.slice(2))
