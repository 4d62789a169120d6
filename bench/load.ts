// Sixteen connections that repeat requests for some seconds, in a process of its own. Takes a job on stdin, prints
// {"rps","p50","p99","failed"}.
import { text } from 'node:stream/consumers'
import autocannon from 'autocannon'

/** What to send where. Each connection begins at another request of the list. */
export interface Job {
  readonly url: string
  readonly seconds: number
  readonly connections: number
  readonly headers: Record<string, string>
  readonly requests: readonly { method: 'GET' | 'POST'; path: string; body?: string }[]
}

const { url, seconds, connections, headers, requests }: Job = JSON.parse(await text(process.stdin))
let client = 0
const result = await autocannon({
  url,
  duration: seconds,
  connections,
  headers,
  setupClient: (each) => {
    const from = Math.floor((requests.length * client++) / connections)
    each.setRequests([...requests.slice(from), ...requests.slice(0, from)])
  },
})
const { requests: rate, latency, non2xx, errors } = result
console.log(
  JSON.stringify({ rps: rate.average, p50: latency.p50, p99: latency.p99, failed: non2xx + errors }),
)
