/**
 * Makes a file when absent, readable by its owner alone: SQLite would make it readable for all. One that is there is
 * not opened, since closing it would take away the locks that SQLite holds on it for this process, and another
 * process could then delete the log that this one goes on writing to.
 */
export function makePrivate(path: string): void {
  const { accessSync, closeSync, constants, openSync, statSync } = process.getBuiltinModule('node:fs')
  try {
    closeSync(openSync(path, 'ax', 0o600))
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    // What SQLite would say of these is that it cannot open them.
    if (!statSync(path).isFile()) throw new Error('it is not a file')
    accessSync(path, constants.R_OK | constants.W_OK)
  }
}
