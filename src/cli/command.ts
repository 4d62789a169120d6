import type { Flags } from './flags.ts'

/** One word of the command line. */
export type Command = {
  name: string
  /** What follows the name, for help: `<action> [flags]`. */
  usage: string
  summary: string
  flags: Flags
  /** How many words besides flags it takes. */
  words: number
  /** Answers the exit code. */
  run(values: Record<string, unknown>, words: string[]): Promise<number>
}
