// A workspace in a process of its own, with its usual limit: prints {"url","accessToken"} and serves until told to end.
// node pacing-serve.ts '{"reset":"ahead"}' adminKey
import { createWorkspace } from '../src/workspace/index.ts'

const [limits = '{}', adminKey = ''] = process.argv.slice(2)
const workspace = await createWorkspace({ seed: 'small', adminKey, rateLimit: JSON.parse(limits) })
const { url, accessToken } = await workspace.listen()
console.log(JSON.stringify({ url, accessToken }))
process.once('SIGTERM', () => workspace.close().then(() => process.exit(0)))
