// The command line in a process that says at its end what it took: a last line of {"cpuMs","rssMb","seconds"}.
import { main } from '../src/cli/main.ts'

const begun = performance.now()
const code = await main(process.argv.slice(2))
const { user, system } = process.cpuUsage()
const rssMb = Math.round(process.resourceUsage().maxRSS / 1024)
const seconds = (performance.now() - begun) / 1000
console.log(JSON.stringify({ cpuMs: (user + system) / 1000, rssMb, seconds }))
process.exit(code)
