// What recording changes costs a write, and how long listing and rewinding take.
// npm run history [-- --contacts 20000 --writes 2000 --rounds 1 --http --data]
// Two workspaces in one process, one recording and one not, take turns, a hundred writes each, so that whatever
// else the machine does hits both; medians by the clock, and in all the time that this thread had a processor, collection
// of garbage included. Without --http inside the process, with it over a port, client included; with --data the data is in
// two files. Each round has two new workspaces.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { MovableClock } from '../src/workspace/clock.ts'
import { RequestLog } from '../src/workspace/control/request-log.ts'
import { FaultRules } from '../src/workspace/faults/rules.ts'
import { TimeMachine } from '../src/workspace/history/time-machine.ts'
import { buildAnswer, type Incoming } from '../src/workspace/http/answer.ts'
import { buildRouter } from '../src/workspace/http/router.ts'
import { listen } from '../src/workspace/listen.ts'
import { routes } from '../src/workspace/routes/all.ts'
import { seedWorkspace } from '../src/workspace/seed/index.ts'
import { Service } from '../src/workspace/service.ts'
import { fillFresh } from '../src/workspace/store/fresh.ts'
import { openStore } from '../src/workspace/store/open.ts'

const { values } = parseArgs({
  options: {
    contacts: { type: 'string', default: '20000' },
    writes: { type: 'string', default: '2000' },
    rounds: { type: 'string', default: '1' },
    http: { type: 'boolean', default: false },
    data: { type: 'boolean', default: false },
  },
})
const token = 'token-of-the-bench'

async function open(records: boolean) {
  const folder = values.data ? mkdtempSync(join(tmpdir(), 'history-')) : undefined
  const store = openStore(folder && join(folder, 'data.db'), new MovableClock())
  store.write(() => {
    fillFresh(store, token)
    seedWorkspace(store, Number(values.contacts))
  })
  if (records) store.history.start()
  const find = buildRouter(routes)
  const answer = buildAnswer(store, routes, { find })
  const log = new RequestLog(find, () => new Map())
  const service = new Service(answer, answer, new FaultRules(find), log)
  const port = values.http ? await listen(service, 0) : undefined
  const ask = async (method: string, target: string, given?: object): Promise<string> => {
    const body = given === undefined ? '' : JSON.stringify(given)
    if (port !== undefined) {
      const headers = { authorization: `Bearer ${token}` }
      return await (await fetch(`${port.url}${target}`, { method, headers, ...(body && { body }) })).text()
    }
    const header = (name: string) => (name === 'authorization' ? `Bearer ${token}` : undefined)
    const incoming: Incoming = { method, origin: 'http://local', target, header, body }
    return String(service.answer(incoming).body)
  }
  const get = async (path: string) => JSON.parse(await ask('GET', path))
  const ids = (list: { id: string }[]) => list.map(({ id }) => id)
  const admin_id: string = (await get('/me')).id
  const contacts = ids((await get('/contacts?per_page=150')).data)
  const conversations = ids((await get('/conversations?per_page=150')).conversations)
  let n = 0
  const one = (list: string[]) => list[n++ % list.length]
  const as = { type: 'admin', admin_id }
  const writes: Record<string, () => Promise<unknown>> = {
    'create a contact': () => ask('POST', '/contacts', { email: `new${n}@example.com`, name: `New ${n++}` }),
    'change a contact': () =>
      ask('PUT', `/contacts/${one(contacts)}`, { name: `Name ${n}`, custom_attributes: { seats: n } }),
    'add a note': () => ask('POST', `/contacts/${one(contacts)}/notes`, { body: `Note ${n}` }),
    reply: () =>
      ask('POST', `/conversations/${one(conversations)}/reply`, {
        ...as,
        message_type: 'comment',
        body: `Hello ${n}`,
      }),
    'close, open': () =>
      ask('POST', `/conversations/${one(conversations)}/parts`, {
        ...as,
        message_type: n % 2 ? 'close' : 'open',
      }),
    'make a tag': () => ask('POST', '/tags', { name: `Tag ${n++}` }),
  }
  const close = async () => {
    await port?.close()
    store.db.close()
    if (folder !== undefined) rmSync(folder, { recursive: true })
  }
  return { store, writes, close }
}

/** Writes of one workspace before it is the other's turn: a processor's time is told in steps of milliseconds. */
const block = 100

const median = (list: number[]) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)] ?? 0

const shares = new Map<string, number[]>()
const note = (kind: string, plain: number, recorded: number) => {
  const share = (recorded / plain - 1) * 100
  shares.set(kind, [...(shares.get(kind) ?? []), share])
  const [before, after] = [plain, recorded].map((time) => `${time.toFixed(1).padStart(8)} µs`)
  console.log(`${kind.padEnd(18)}${before}${after}  ${signed(share)}`)
}
const signed = (share: number) => `${share < 0 ? '' : '+'}${share.toFixed(1)} %`

async function round() {
  const without = await open(false)
  const recording = await open(true)
  const sums: [number, number] = [0, 0]
  const cpu: [number, number] = [0, 0]
  for (const kind of Object.keys(without.writes)) {
    const times: [number[], number[]] = [[], []]
    for (let i = 0; i < Number(values.writes); i += block) {
      for (const which of i % (2 * block) ? ([0, 1] as const) : ([1, 0] as const)) {
        const write = (which === 0 ? without : recording).writes[kind]
        const before = process.threadCpuUsage()
        for (let n = 0; n < block; n++) {
          const started = performance.now()
          await write?.()
          if (i >= 200) times[which].push((performance.now() - started) * 1000)
        }
        const { user, system } = process.threadCpuUsage(before)
        if (i >= 200) cpu[which] += user + system
      }
    }
    const [plain, recorded] = [median(times[0]), median(times[1])]
    sums[0] += plain
    sums[1] += recorded
    note(kind, plain, recorded)
  }
  note('all of them', ...sums)
  note('all, processor', ...cpu)
  await without.close()
  return recording
}

let recording = await round()
for (let n = 1; n < Number(values.rounds); n++) {
  await recording.close()
  recording = await round()
}
if (Number(values.rounds) > 1) {
  for (const [kind, list] of shares)
    console.log(`${kind.padEnd(18)}median of the rounds ${signed(median(list))}`)
}

const { store, writes } = recording
const time = new TimeMachine(store, store.history)
const took: Record<string, number[]> = { list: [], rewind: [], 'undo the rewind': [] }
const measure = (what: string, work: () => unknown) => {
  // Of the processor: the machine may do other things meanwhile, and this is synchronous.
  const { user, system } = process.cpuUsage()
  work()
  const used = process.cpuUsage({ user, system })
  took[what]?.push((used.user + used.system) / 1000)
}
for (let round = 0; round < 7; round++) {
  time.checkpoint('bench')
  const kinds = Object.values(writes)
  for (let i = 0; ; i++) {
    await kinds[i % kinds.length]?.()
    if (i % 100 === 99 && time.changesSince('bench', { limit: 1_000 }).changes.length >= 1_000) break
  }
  measure('list', () => time.changesSince('bench', { limit: 1_000 }))
  let undo = ''
  measure('rewind', () => {
    undo = time.rewind('bench').undo
  })
  measure('undo the rewind', () => time.rewind(undo))
}
for (const [what, times] of Object.entries(took)) {
  console.log(
    `${what}: median ${median(times).toFixed(1)} ms of the processor, least ${Math.min(...times).toFixed(1)} ms`,
  )
}
await recording.close()
