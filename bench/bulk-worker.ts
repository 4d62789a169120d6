// The command line in a process that says at its end what it took: a last line of
// {"cpuMs","rssMb","heldMb","seconds"}; `heldMb` with --expose-gc: the most that was in use after a collection.
import { main } from '../src/cli/main.ts'

let held = 0
const { gc } = globalThis
const samples = setInterval(() => {
  if (gc === undefined) return
  gc()
  const { heapUsed, external } = process.memoryUsage()
  held = Math.max(held, heapUsed + external)
}, 1000)

const begun = performance.now()
const code = await main(process.argv.slice(2))
clearInterval(samples)
const { user, system } = process.cpuUsage()
const rssMb = Math.round(process.resourceUsage().maxRSS / 1024)
const seconds = (performance.now() - begun) / 1000
const heldMb = gc === undefined ? null : Math.round(held / 1024 / 1024)
console.log(JSON.stringify({ cpuMs: (user + system) / 1000, rssMb, heldMb, seconds }))
process.exit(code)
