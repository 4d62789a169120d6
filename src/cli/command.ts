import { styleText } from 'node:util'
import { type Flags, UsageError } from './flags.ts'

/** A command of the command line; its name and summary are in `main.ts`, which does not load it for them. */
export type Command = {
  /** What follows the name, for help: `<action> [flags]`. */
  usage: string
  flags: Flags
  /** Command lines, without the program's name. */
  examples?: readonly string[]
  /** Further help, below all else. */
  more?: string
  /** What its first argument may be, where that is one of a few; a shell offers them. */
  words?: readonly string[]
  /** How many arguments besides flags it takes; none by default. */
  positionals?: number
  /** Answers the exit code. */
  run(values: Record<string, unknown>, positionals: string[]): Promise<number>
}

/** What is known of a command before it is loaded. */
export type Entry = { summary: string; load(): Promise<Command> }

/** What a terminal obeys or hides: control and format characters, bidi marks among them; not line breaks and tabs. */
const unprintable = /(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu

/** JSON of the same value, with such characters as escapes. */
function jsonOf(value: unknown, indent?: number): string {
  const escaped = (character: string) =>
    [...Array(character.length).keys()]
      .map((at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`)
      .join('')
  return JSON.stringify(value, null, indent).replace(unprintable, escaped)
}

/** Writes a result to stdout, which holds JSON only. */
export function printJson(value: unknown): void {
  console.log(jsonOf(value, 2))
}

/** Writes one line of JSON to stdout, for programs that read it line by line. */
export function printJsonLine(value: unknown): void {
  console.log(jsonOf(value))
}

/** Says something to a person, on stderr; its first word in a colour where that is a terminal. */
export function say(text: string, colour?: 'red' | 'green'): void {
  const [first = ''] = /^\S*/.exec(text) ?? []
  const begin =
    colour === undefined ? printable(first) : styleText(colour, printable(first), { stream: process.stderr })
  console.error(begin + printable(text.slice(first.length)))
}

/** A text for a terminal: what that would obey or hide is spelled out, `<U+202E>`. */
export function printable(text: string): string {
  const spelled = (character: string) =>
    `<U+${character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')}>`
  return text.replace(unprintable, spelled)
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
