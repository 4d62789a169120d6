// A local Intercom in a process of its own, which nobody kills: it counts what is there and how often it was called.
import { openWorld } from '../reliability/world.ts'
import { mostInTenSeconds } from './most-in-ten-seconds.ts'
import { answering } from './process.ts'

/**
 * What Intercom allows a private app and a workspace in ten seconds: a sixth of a minute's
 * (docs/intercom-api.md 1.5).
 */
const rateLimit = { app: 1667, workspace: 4167 }
const lifted = { app: 900_000, workspace: false } as const
const writes = ['POST /conversations/{id}/reply', 'POST /contacts/{id}/notes']

/** What became of a row, as the workspace has seen it. */
export type Seen = {
  /** How often each mark is there. */
  counts: [mark: string, count: number][]
  calls: number
  /** Of the calls in any ten seconds. */
  most: number
  /** Of the calls in one of the windows that Intercom counts by. */
  window: number
  /** Calls that were answered with 429. */
  limited: number
}

const { people, limited: isLimited } = JSON.parse(process.argv[2] ?? '{}') as {
  people: number
  limited: boolean
}
const world = await openWorld(people)
const { control } = world.workspace
control.setRateLimit(isLimited ? rateLimit : lifted)
control.clearRequests()

const at: number[] = []
let limited = 0
const watching = setInterval(look, 250) // the log keeps the latest thousand

function look(): void {
  for (const request of control.requests(1000)) {
    at.push(request.at)
    if (request.status === 429) limited += 1
  }
  control.clearRequests()
}

answering(
  { url: world.url, accessToken: world.accessToken, targets: world.targets },
  {
    /** Each write takes effect, and is answered, one of so many ms after it has come; as often the one as the other. */
    delay: (delays: number[]) => {
      delays.forEach((ms, n) => {
        for (const route of writes) {
          control.addFault({ kind: 'delay', ms, route, probability: 1 / (delays.length - n), seed: n })
        }
      })
    },
    clear: () => control.clearFaults(),
    struck: () => control.faults().reduce((sum, { injected }) => sum + injected, 0),
    seen: async (): Promise<Seen> => {
      clearInterval(watching)
      look()
      const most = mostInTenSeconds(at)
      const window = Math.max(...control.rateWindows(1000).map(({ calls }) => calls))
      control.setRateLimit(lifted)
      const { counts } = await world.count()
      return { counts: [...counts], calls: at.length, most, window, limited }
    },
  },
)
