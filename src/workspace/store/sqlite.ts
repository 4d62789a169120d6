import type { DatabaseSync as Database } from 'node:sqlite'

// An import of what Node.js does not have fails before a line of ours runs, and does not say what is needed.
const sqlite = process.getBuiltinModule?.('node:sqlite')
if (sqlite === undefined) {
  throw new Error(
    `A workspace keeps its data in node:sqlite, which this Node.js (${process.version}) does not have: it needs Node.js 22.19 or later.`,
  )
}

/** A database of Node.js itself. */
export const DatabaseSync = sqlite.DatabaseSync
export type DatabaseSync = Database
