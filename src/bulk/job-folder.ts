import { randomUUID } from 'node:crypto'
import {
  chmodSync,
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { IntercomError, textOf } from '../errors.ts'
import { makePrivate } from '../sqlite/make-private.ts'

/** What makes a job this job. It never changes once the first row may be sent. */
export type Job = {
  /** Random; the intents of its rows begin with it. */
  id: string
  action: string
  /** SHA-256 of the input in hex. */
  input: string
  separator: string | null
  encoding: string | null
  /** Host and app id: rows of one workspace must not go on in another. The token may change. */
  origin: string
  app: string | null
  /** Where the results are written. */
  results: string
  /** Unix ms. */
  created_at: number
}

/** The folder of a job, held by this process alone. */
export interface JobFolder {
  readonly path: string
  /** Null when it is new. */
  read(): Job | null
  /** Writes the job down, on disk before it returns. */
  write(job: Omit<Job, 'id' | 'created_at'>): Job
  close(): void
}

/** After this the journal forgets what was sent, ms (decisions/journal.md). */
const keptMs = 30 * 24 * 3600 * 1000
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

/** Throws an `IntercomError` when a job cannot go on with what is given now. */
export function sameJob(
  job: Job,
  now: Omit<Job, 'id' | 'created_at' | 'origin' | 'app'>,
  folder: string,
): void {
  if (job.action !== now.action) throw otherJob(folder, `is one of ${job.action}, not of ${now.action}`)
  if (job.input !== now.input) throw otherJob(folder, 'has another input: the file has changed')
  if (job.separator !== now.separator) throw otherJob(folder, 'was begun with another --separator')
  if (job.encoding !== now.encoding) throw otherJob(folder, 'was begun with another --encoding')
  if (job.results !== now.results) throw otherJob(folder, `writes its results to ${job.results}`)
}

/** Throws an `IntercomError` when a job must not send anything any more, or not there. */
export function maySend(job: Job, { origin, app }: Pick<Job, 'origin' | 'app'>, folder: string): void {
  if (job.origin !== origin || job.app !== app) {
    throw otherJob(
      folder,
      `writes to workspace ${job.app ?? 'without a name'} at ${job.origin}, not ${app} at ${origin}`,
    )
  }
  if (Date.now() > job.created_at + keptMs) {
    throw otherJob(folder, 'is older than 30 days, and what it had under way is forgotten')
  }
}

function otherJob(folder: string, what: string): IntercomError {
  return new IntercomError(`the job in ${folder} ${what}`, {
    code: 'other_job',
    hint: 'Nothing was sent. Give the command as it was, or begin a new job with --job and another folder.',
  })
}

function locked(path: string): DatabaseSync {
  let lock: DatabaseSync | undefined
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 })
    const names = readdirSync(path)
    if (names.length > 0 && !names.includes(lockFile)) throw new Error('it is not empty, and no job')
    makePrivate(join(path, lockFile))
    chmodSync(path, 0o700)
    lock = new DatabaseSync(join(path, lockFile))
    lock.exec('BEGIN EXCLUSIVE') // SQLite's lock is the system's: it goes with the process
    return lock
  } catch (error) {
    lock?.close()
    if (/locked/.test(textOf(error))) {
      throw new IntercomError(`another process runs the job in ${path}`, {
        code: 'job_locked',
        hint: 'Wait until it ends. Jobs in folders of their own run side by side and share the rate limit.',
      })
    }
    throw folderFailed(path, error)
  }
}

function read(file: string): Job | null {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw folderFailed(file, error)
  }
  try {
    return JSON.parse(text) as Job // written below, whole or not at all
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
  return new IntercomError(`${path} cannot hold a job (${textOf(error)})`, {
    code: 'job_failed',
    hint: 'Name another folder with --job; it is made when absent.',
  })
}
