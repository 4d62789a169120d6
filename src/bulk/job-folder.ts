import { randomUUID } from 'node:crypto'
import {
  chmodSync,
  closeSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { retentionMs } from '../core/journal.ts'
import { IntercomError, textOf } from '../errors.ts'
import { makePrivate } from '../sqlite/sqlite.ts'

/** The identity of a job. It never changes once the first row may be sent. */
export type JobManifest = {
  /** Random; the idempotency keys of its rows begin with it. */
  id: string
  action: string
  /** SHA-256 of the input in hex. */
  input: string
  separator: string | null
  encoding: string | null
  /** What the columns of a CSV file fill; null for one that is left out, or for JSON. */
  columns: (string | null)[] | null
  /** Host and app id: a job must not resume in another workspace. The token may change. */
  origin: string
  app: string | null
  /** Where the results are written. */
  results: string
  /** Which calls a person decides on, and in which file their decisions are; absent where nobody is asked. */
  asks?: string | undefined
  /** Unix ms. */
  created_at: number
}

/** The folder of a job, held by this process alone. */
export interface JobFolder {
  readonly path: string
  /** Null when it is new. */
  read(): JobManifest | null
  /** On disk before it returns. */
  write(job: Omit<JobManifest, 'id' | 'created_at'>): JobManifest
  close(): void
}

const jobFile = 'job.json'
const lockFile = 'lock.db'

/**
 * Opens the folder of a job, made when absent for its owner alone, and holds it until it is closed or this process
 * ends in whatever way. Throws an `IntercomError` when another process holds it, or it is another program's folder.
 */
export function openFolder(path: string): JobFolder {
  const lock = locked(path)
  return {
    path,
    read: () => read(join(path, jobFile)),
    write(given) {
      const job = { id: randomUUID(), ...given, created_at: Date.now() }
      write(path, JSON.stringify(job, null, 2))
      return job
    },
    close: () => lock.close(),
  }
}

/** Throws an `IntercomError` when a job cannot resume with what is given now. */
export function assertSameJob(
  job: JobManifest,
  now: Omit<JobManifest, 'id' | 'created_at' | 'origin' | 'app'>,
  folder: string,
): void {
  if (job.action !== now.action) throw otherJob(folder, `runs ${job.action}, not ${now.action}`)
  if (job.input !== now.input)
    throw otherJob(folder, 'was started with different input: the file has changed')
  if (job.separator !== now.separator) throw otherJob(folder, 'was started with a different --separator')
  if (job.encoding !== now.encoding) throw otherJob(folder, 'was started with a different --encoding')
  if (JSON.stringify(job.columns) !== JSON.stringify(now.columns))
    throw otherJob(folder, 'was started with a different --map, --ignore or --clear')
  // What waits in another file, or did not wait before, would be sent twice.
  if (job.asks !== now.asks)
    throw otherJob(folder, 'was started with a different --sends, --approve or --approvals')
  if (job.results !== now.results) throw otherJob(folder, `writes its results to ${job.results}`)
}

/** Throws an `IntercomError` when a job is too old to send anything, or belongs to another workspace. */
export function assertMaySend(
  job: JobManifest,
  { origin, app }: Pick<JobManifest, 'origin' | 'app'>,
  folder: string,
): void {
  if (job.origin !== origin || job.app !== app) {
    throw otherJob(
      folder,
      `writes to workspace ${job.app ?? 'without a name'} at ${job.origin}, not ${app} at ${origin}`,
    )
  }
  if (Date.now() > job.created_at + retentionMs)
    throw otherJob(folder, 'is older than 30 days, so the record of what it was sending is gone')
}

function otherJob(folder: string, what: string): IntercomError {
  return new IntercomError(`the job in ${folder} ${what}`, {
    code: 'other_job',
    hint: 'Nothing was sent. Run the same command as before, or start a new job in another folder with --job.',
  })
}

function locked(path: string): DatabaseSync {
  let lock: DatabaseSync | undefined
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 })
    assertOwn(path)
    const names = readdirSync(path)
    if (names.length > 0 && !names.includes(lockFile))
      throw new Error('it is not empty and is not a job folder')
    makePrivate(join(path, lockFile))
    chmodSync(path, 0o700)
    lock = new DatabaseSync(join(path, lockFile))
    lock.exec('BEGIN EXCLUSIVE') // SQLite's lock is the system's: it goes with the process
    return lock
  } catch (error) {
    lock?.close()
    if (/locked/.test(textOf(error))) {
      throw new IntercomError(`another process is running the job in ${path}`, {
        code: 'job_locked',
        hint: 'Wait until it ends. Jobs in separate folders can run at the same time and share the rate limit.',
      })
    }
    throw folderFailed(path, error)
  }
}

/** Whoever else prepared a folder, or could, might lead what is written there to another file. */
function assertOwn(path: string): void {
  const user = process.getuid?.()
  if (user === undefined) return
  const { uid, mode } = statSync(path)
  if (lstatSync(path).uid !== user || uid !== user) throw new Error('it belongs to another user')
  if ((mode & 0o002) !== 0) throw new Error('everybody may write in it')
}

function read(file: string): JobManifest | null {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw folderFailed(file, error)
  }
  try {
    return JSON.parse(text) as JobManifest // written below, whole or not at all
  } catch (error) {
    throw folderFailed(file, error)
  }
}

function write(folder: string, text: string): void {
  try {
    const next = join(folder, `${jobFile}.next`)
    writeFileSync(next, text, { mode: 0o600, flush: true })
    renameSync(next, join(folder, jobFile))
    const directory = openSync(folder, 'r')
    fsyncSync(directory)
    closeSync(directory)
  } catch (error) {
    throw folderFailed(folder, error)
  }
}

function folderFailed(path: string, error: unknown): IntercomError {
  return new IntercomError(`${path} cannot be used as a job folder (${textOf(error)})`, {
    code: 'job_failed',
    hint: 'Give another folder with --job; it is created if missing.',
  })
}
