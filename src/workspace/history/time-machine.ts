import { ControlError } from '../control-error.ts'
import { suggestion } from '../fixtures/names.ts'
import type { Store } from '../store/store.ts'
import type { Write } from './complete.ts'
import { entityNames } from './entities.ts'
import type { History } from './history.ts'
import type { Author } from './log.ts'
import { type EntityChange, HistoryReader } from './read.ts'
import { rewindRows } from './rewind.ts'

/** What one write did to one entity, and who wrote. */
export interface Change extends EntityChange {
  /** Of the write; changes of one write share it. For `since`. */
  readonly id: number
  /** Unix milliseconds, by the workspace's clock. */
  readonly at: number
  /** `clock` for a snooze that ended. */
  readonly cause: Author['cause']
  /** `X-Request-Id` of the answer. */
  readonly request_id: string | null
  /** As in Intercom's description, such as `PUT /contacts/{id}`. */
  readonly route: string | null
  /** What stands for the access token, made from its hash: `token-…`. */
  readonly token: string | null
  readonly admin_id: string | null
  /** Whether a rewind took it back. */
  readonly undone: boolean
}

/** Which changes to tell. */
export interface ChangesQuery {
  /** Only what came after the change with this id, or from this time on. */
  readonly since?: number | Date | undefined
  readonly entity?: string | undefined
  readonly entity_id?: string | undefined
  /** An access token, or what stands for it in a change. */
  readonly token?: string | undefined
  /** How many changes at most; those of one write stay together. @default 1000 */
  readonly limit?: number | undefined
}

/** Changes in the order in which they were made. */
export interface ChangeList {
  readonly changes: readonly Change[]
  /** `since` for what comes next. */
  readonly next_since: number
  readonly has_more: boolean
  /** Older writes that are no longer kept, all in all. */
  readonly dropped: number
  /** False if some of the asked for are among those. */
  readonly complete: boolean
}

/** A named moment. */
export interface Checkpoint {
  readonly name: string
  /** Unix milliseconds, by the workspace's clock. */
  readonly at: number
  /** Made by a rewind, of the state before it. */
  readonly automatic: boolean
  /** False once the history no longer reaches back to it. */
  readonly reachable: boolean
}

/** What a rewind did. */
export interface Rewound {
  readonly to: string
  /** The checkpoint of the state before; rewinding to it undoes the rewind. */
  readonly undo: string
  /** How many rows it changed. */
  readonly rows: number
}

interface Position {
  name: string
  n: number
  at: number
  automatic: number
}

/** So many checkpoints can be set, and so many of rewinds are kept. */
const mostNamed = 1_000
const mostAutomatic = 20

/** Reads the history of a workspace, and takes it back. */
export class TimeMachine {
  readonly #store: Store
  readonly #history: History

  constructor(store: Store, history: History) {
    this.#store = store
    this.#history = history
  }

  changes(query: ChangesQuery = {}): ChangeList {
    return this.#list(query, () => true)
  }

  /** What changed since a checkpoint, and still is: neither what was taken back since nor the taking back. */
  changesSince(name: string, query: ChangesQuery = {}): ChangeList {
    const { n } = this.#position(name)
    const { since = n } = query
    const rewinds = this.#rewinds().filter(({ until }) => until >= n)
    const inside = ({ id }: Write) => rewinds.some((rewind) => id > rewind.until && id <= rewind.n)
    const list = { ...query, since: typeof since === 'number' ? Math.max(since, n) : since }
    return this.#list(list, (write) => write.id > n && !inside(write))
  }

  /** The number of the newest entry. */
  get newest(): number {
    return this.#history.newest()
  }

  onChange(listener: () => void): () => void {
    return this.#history.listen(listener)
  }

  /** Names the present moment; a checkpoint of that name moves. */
  checkpoint(name: string): Checkpoint {
    const { db, clock } = this.#store
    const named = db.number(
      'SELECT count(*) FROM history_checkpoints WHERE automatic = 0 AND name <> ?',
      name,
    )
    if (named >= mostNamed) throw new ControlError(`There are ${mostNamed} checkpoints already; drop one.`)
    db.write(() => this.#mark(name, false))
    return { name, at: Math.floor(clock.now()), automatic: false, reachable: true }
  }

  checkpoints(): Checkpoint[] {
    const dropped = this.#history.droppedUntil
    return this.#store.db
      .all<Position>('SELECT * FROM history_checkpoints ORDER BY n, name')
      .map(({ name, at, automatic, n }) => ({
        name,
        at,
        automatic: automatic === 1,
        reachable: n >= dropped,
      }))
  }

  /** False if there is none of this name. */
  dropCheckpoint(name: string): boolean {
    return this.#store.db.run('DELETE FROM history_checkpoints WHERE name = ?', name) > 0
  }

  /** Brings all data back to a checkpoint; see {@link Rewound} for the way back. */
  rewind(name: string): Rewound {
    const store = this.#store
    const { n } = this.#position(name)
    if (n < this.#history.droppedUntil) {
      const { writes } = this.#history.limits
      throw new ControlError(
        `The history no longer reaches back to '${name}': it keeps ${writes} writes, and ${this.#history.dropped} were dropped.`,
      )
    }
    return this.#history.by({ cause: 'rewind', route: `rewind to ${name}` }, () =>
      store.write(() => {
        const newest = this.#history.newest()
        const undo = this.#markBefore()
        let rows = 0
        store.takeBack(() => {
          rows = rewindRows(
            store.db,
            this.#history.since(n).flatMap(({ entries }) => entries),
          )
        })
        if (rows > 0) store.db.run('INSERT INTO history_rewinds VALUES (?, ?)', newest + 1, n)
        return { to: name, undo, rows }
      }),
    )
  }

  #markBefore(): string {
    const { db } = this.#store
    db.run(`INSERT INTO history_numbers VALUES ('rewinds', 1) ON CONFLICT DO UPDATE SET value = value + 1`)
    const count = db.number(`SELECT value FROM history_numbers WHERE name = 'rewinds'`)
    const name = `before-rewind-${count}`
    this.#mark(name, true)
    db.run(
      `DELETE FROM history_checkpoints WHERE automatic = 1 AND name NOT IN
         (SELECT name FROM history_checkpoints WHERE automatic = 1 ORDER BY n DESC, length(name) DESC, name DESC LIMIT ?)`,
      mostAutomatic,
    )
    return name
  }

  #mark(name: string, automatic: boolean): void {
    const { db, clock } = this.#store
    db.run('DELETE FROM history_checkpoints WHERE name = ?', name)
    const sql = 'INSERT INTO history_checkpoints (name, n, at, automatic) VALUES (?, ?, ?, ?)'
    db.run(sql, name, this.#history.newest(), Math.floor(clock.now()), automatic ? 1 : 0)
  }

  #position(name: string): Position {
    const { db } = this.#store
    const found = db.get<Position>('SELECT * FROM history_checkpoints WHERE name = ?', name)
    if (found !== undefined) return found
    const names = this.checkpoints().map((checkpoint) => checkpoint.name)
    const known = names.length === 0 ? 'none was set.' : `there are ${names.slice(0, 20).join(', ')}.`
    throw new ControlError(`There is no checkpoint '${name}'; ${known}`)
  }

  /** The rewinds that count, oldest first: one that a later one took back does not. */
  #rewinds(): { n: number; until: number }[] {
    const kept: { n: number; until: number }[] = []
    for (const rewind of this.#store.db.all<{ n: number; until: number }>(
      'SELECT * FROM history_rewinds ORDER BY n DESC',
    )) {
      if (!kept.some(({ n, until }) => rewind.n > until && rewind.n < n)) kept.unshift(rewind)
    }
    return kept
  }

  #list(query: ChangesQuery, wanted: (write: Write) => boolean): ChangeList {
    const { since = 0, limit = 1_000, entity } = query
    // What fits nothing must not read as "nothing has changed".
    if (entity !== undefined && !entityNames.includes(entity))
      throw new ControlError(
        `There are no changes of ${JSON.stringify(entity)}${suggestion(entity, entityNames)}`,
      )
    if (typeof since === 'number' && since > this.newest)
      throw new ControlError(
        `There is no change ${since} in this history, whose newest is ${this.newest}: it may be of one that ended. Read from the start.`,
      )
    const after = typeof since === 'number' ? since : 0
    const from = typeof since === 'number' ? 0 : since.getTime()
    const token =
      query.token && !query.token.startsWith('token-') ? this.#history.tokenId(query.token) : query.token
    const rewinds = this.#rewinds()
    const writes = this.#history.since(after)
    const reader = new HistoryReader(this.#store.db, writes)
    const changes: Change[] = []
    let next = after
    let more = false
    for (const write of writes) {
      if (changes.length >= limit) {
        more = true
        break
      }
      next = write.last
      const { author } = write
      if (write.at < from || (token !== undefined && author.token !== token) || !wanted(write)) continue
      const undone = rewinds.some(({ n, until }) => write.id > until && write.id < n)
      for (const change of reader.changesOf(write)) {
        if (entity !== undefined && change.entity !== entity) continue
        if (query.entity_id !== undefined && change.entity_id !== query.entity_id) continue
        changes.push({ ...signature(write), ...change, undone })
      }
    }
    const complete = after >= this.#history.droppedUntil
    return { changes, next_since: next, has_more: more, dropped: this.#history.dropped, complete }
  }
}

function signature({ id, at, author }: Write) {
  return {
    id,
    at,
    cause: author.cause,
    request_id: author.request_id ?? null,
    route: author.route ?? null,
    token: author.token ?? null,
    admin_id: author.admin_id === undefined ? null : String(author.admin_id),
  }
}
