// Records a second while seeding, in memory and into a file, text indexes included.
// npm run seed [-- --contacts 50000 --rounds 3 --data file]
import { rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { systemClock } from '../src/workspace/clock.ts'
import { seedWorkspace } from '../src/workspace/seed/index.ts'
import { fillFresh } from '../src/workspace/store/fresh.ts'
import { openStore } from '../src/workspace/store/open.ts'
import { table } from './report.ts'

const { values } = parseArgs({
  options: {
    contacts: { type: 'string', default: '50000' },
    rounds: { type: 'string', default: '3' },
    /** `memory` or `file`, alone. */
    data: { type: 'string', default: 'memory,file' },
  },
})
const file = join(tmpdir(), `modulex-intercom-seed-${process.pid}.db`)
const rows: string[][] = []
for (const kind of values.data.split(',')) {
  const data = kind === 'memory' ? undefined : file
  for (let round = 0; round < Number(values.rounds); round++) {
    for (const end of ['', '-wal', '-shm', '-journal']) rmSync(`${file}${end}`, { force: true })
    const store = openStore(data, systemClock)
    const started = performance.now()
    const used = process.cpuUsage()
    const counts = store.write(() => {
      fillFresh(store)
      return seedWorkspace(store, Number(values.contacts))
    })
    const seconds = (performance.now() - started) / 1000
    const { user, system } = process.cpuUsage(used)
    store.db.close()
    // A record is a contact, conversation, part, note or tag link; companies are not counted.
    const records = counts.contacts + counts.conversations + counts.parts + counts.notes + counts.tag_links
    rows.push([
      kind,
      String(records),
      seconds.toFixed(2),
      (records / seconds).toFixed(0),
      (records / ((user + system) / 1e6)).toFixed(0),
      (process.memoryUsage.rss() / 1e6).toFixed(0),
    ])
  }
}
for (const end of ['', '-wal', '-shm', '-journal']) rmSync(`${file}${end}`, { force: true })
console.log(table(['data', 'records', 's', 'records/s', 'records per s of CPU', 'RSS MB'], rows))
