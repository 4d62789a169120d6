// A workspace in a process of its own: prints {"url","accessToken"} and serves until it is told to end.
// node serve.ts [--seed 20000] [--data file]
import { parseArgs } from 'node:util'
import { createWorkspace } from '../src/workspace/index.ts'

const { values } = parseArgs({
  options: { seed: { type: 'string', default: '20000' }, data: { type: 'string' } },
})
const workspace = await createWorkspace({ seed: Number(values.seed), data: values.data, rateLimit: false })
const { url, accessToken } = await workspace.listen()
console.log(JSON.stringify({ url, accessToken }))
// A process that is profiled (node --cpu-prof) has to end by itself.
process.once('SIGTERM', () => workspace.close().then(() => process.exit(0)))
