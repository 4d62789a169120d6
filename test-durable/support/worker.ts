// A worker in a process of its own, to be killed: its options are the argument, its URL is its one message.
import { startWorker, type WorkerOptions } from '../../src/restate/index.ts'

const options = JSON.parse(process.argv[2] ?? '{}') as WorkerOptions // from `Workers`
const { url } = await startWorker({ ...options, log: (line) => process.send?.(line) })
process.send?.({ url })
process.on('disconnect', () => process.exit())
