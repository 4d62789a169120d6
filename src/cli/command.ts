import { type Flags, UsageError } from './flags.ts'

/** A command of the command line; its name is its key in `main.ts`. */
export type Command = {
  /** What follows the name, for help: `<action> [flags]`. */
  usage: string
  summary: string
  flags: Flags
  /** How many arguments besides flags it takes; none by default. */
  positionals?: number
  /** Answers the exit code. */
  run(values: Record<string, unknown>, positionals: string[]): Promise<number>
}

/** Writes a result to stdout, which holds JSON only. */
export function printJson(value: unknown): void {
  console.log(JSON.stringify(value, null, 2))
}

/** Writes one line of JSON to stdout, for programs that read it line by line. */
export function printJsonLine(value: unknown): void {
  console.log(JSON.stringify(value))
}

/** Says something to a person, on stderr. */
export function say(text: string): void {
  console.error(text)
}

/**
 * Whatever a step throws is wrong usage, with the reason: a file that cannot be opened, a port in use. `shown` takes out
 * of the reason what must not be printed.
 */
export async function orUsageError<T>(
  step: () => T | Promise<T>,
  where?: string,
  shown = (reason: string) => reason,
): Promise<T> {
  try {
    return await step()
  } catch (error) {
    const reason = shown(error instanceof Error ? error.message : String(error))
    throw new UsageError(where === undefined ? reason : `${where}: ${reason}`)
  }
}

/** Resolves at SIGINT (Ctrl-C) or SIGTERM. */
export function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve())
    process.once('SIGTERM', () => resolve())
  })
}
