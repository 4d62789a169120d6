/** One exchange that prism saw, and what it has to say about it. */
export interface Exchange {
  readonly method: string
  readonly path: string
  readonly status: number
  readonly violations: readonly Violation[]
}

/** One thing that is not as the description says. */
export interface Violation {
  /** Where it is, every item of a list as one: `response.body.data.*.url`. */
  readonly place: string
  readonly message: string
}

/** Reads prism's log of requests that came one after the other. */
export function readLog(log: string): Exchange[] {
  const exchanges: { method: string; path: string; status: number; violations: Violation[] }[] = []
  let method = ''
  for (const line of log.split('\n')) {
    method = /Forwarding "(\w+)" request/.exec(line)?.[1]?.toUpperCase() ?? method
    const [, path, status] = /upstream call to (\S+) has returned (\d+)/.exec(line) ?? []
    if (path !== undefined) exchanges.push({ method, path, status: Number(status), violations: [] })
    const [, place, message] = /Violation: (\S+) (.*)/.exec(line) ?? []
    if (place === undefined || message === undefined) continue
    exchanges.at(-1)?.violations.push({ place: withoutNumbers(place), message: withoutNumbers(message) })
  }
  return exchanges
}

function withoutNumbers(place: string): string {
  return place.replaceAll(/\.\d+(?=[. ]|$)/g, '.*')
}
