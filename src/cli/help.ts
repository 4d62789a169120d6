import { styleText } from 'node:util'
import type { Command } from './command.ts'
import { commonVariables, variables, variablesOf } from './environment.ts'
import { type Flag, type Flags, kebab } from './flags.ts'

/** What a help text is made of. */
type Helped = Pick<Command, 'usage' | 'flags' | 'more' | 'examples'> & { name: string; summary: string }

/** The help of a command, as wide as the terminal. */
export function helpOf({ name, usage, summary, flags, more, examples = [] }: Helped): string {
  return blocks([
    usageOf(name, usage),
    wrapped(`${summary[0]?.toUpperCase()}${summary.slice(1)}.`),
    section('Flags', flagHelp(flags)),
    examplesOf(examples),
    section('Environment', table(variablesOf(name, flags))),
    paragraphs(more ?? ''),
  ])
}

/** The help of the whole command line; a row for each command. */
export function overviewOf(commands: readonly (readonly [name: string, summary: string])[]): string {
  const all = [...Object.entries(variables), ...Object.entries(commonVariables)]
  return blocks([
    'modulex-intercom: Intercom for any agent or workflow',
    usageOf('', '<command> [flags]; --help after a command says what it takes'),
    section('Commands', table(commands)),
    examplesOf([
      'start --exit',
      'run search_contacts --query-value ada@example.com --local',
      'mcp --sends confirm',
    ]),
    section('Environment', table(all.map(([name, { about }]) => [name, about]))),
    wrapped(
      'JSON goes to stdout, messages to stderr. Exit codes: 0 success, 1 the action failed, 2 wrong usage. A token or key comes from the environment or a file, never from a flag; --local needs none.',
    ),
  ])
}

export function usageOf(name: string, usage: string): string {
  return `${heading('Usage:')} ${['modulex-intercom', name, usage].filter((part) => part !== '').join(' ')}`
}

export function examplesOf(lines: readonly string[]): string {
  return section('Examples', lines.map((line) => `  modulex-intercom ${line}`).join('\n'))
}

/** A headline and what is below it; nothing where that is empty. */
export function section(title: string, body: string): string {
  return body === '' ? '' : `${heading(`${title}:`)}\n${body}`
}

export function blocks(parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('\n\n')
}

/** The lines of a help text for flags. */
export function flagHelp(flags: Flags): string {
  return table(
    Object.entries(flags).map(([name, flag]) => {
      const notes = [
        flag.required === true ? 'required' : '',
        flag.default === undefined ? '' : `default: ${JSON.stringify(flag.default)}`,
      ].filter((note) => note !== '')
      const about = notes.length === 0 ? flag.description : `${flag.description} [${notes.join(', ')}]`
      return [`--${kebab(name)}${shownType(flag)}`, about]
    }),
  )
}

function shownType({ type }: Flag): string {
  const word = { string: 'text', integer: 'number', boolean: '', object: 'json', array: 'text' }[type]
  return `${word === '' ? '' : ` <${word}>`}${type === 'array' ? ' (repeatable)' : ''}`
}

/** The widest left column; what is longer has its text below it. */
const widestLeft = 30

/** Two columns. */
export function table(rows: readonly (readonly [left: string, right: string])[]): string {
  const width = Math.max(0, ...rows.map(([left]) => left.length).filter((length) => length <= widestLeft))
  const indent = width + 4
  return rows
    .map(([left, right]) => {
      const text = wrapped(right, indent)
      const begin = `  ${bold(left)}`
      return left.length > width
        ? `${begin}\n${' '.repeat(indent)}${text}`
        : `${begin}${' '.repeat(width - left.length + 2)}${text}`
    })
    .join('\n')
}

/** Breaks lines between words, so that none is wider than the terminal; all but the first are indented. */
export function wrapped(text: string, indent = 0, width = columns()): string {
  const room = Math.max(20, width - indent)
  return text
    .split('\n')
    .flatMap((line) => {
      const lines = ['']
      for (const word of line.split(' ')) {
        const last = lines.at(-1) ?? ''
        if (last === '') lines[lines.length - 1] = word
        else if (last.length + 1 + word.length <= room) lines[lines.length - 1] = `${last} ${word}`
        else lines.push(word)
      }
      return lines
    })
    .join(`\n${' '.repeat(indent)}`)
}

/** Prose is broken anew; what is indented stays as it is. */
function paragraphs(text: string): string {
  const parts = text.split('\n\n')
  return parts.map((part) => (part.startsWith(' ') ? part : wrapped(part.replaceAll('\n', ' ')))).join('\n\n')
}

/** Of the terminal, or as COLUMNS says; wider lines than a hundred are hard to read. */
function columns(): number {
  const { columns = Number(process.env['COLUMNS']) || 80 } = process.stdout
  return Math.min(100, columns)
}

function heading(text: string): string {
  return styleText(['bold', 'underline'], text, { stream: process.stdout })
}

function bold(text: string): string {
  return styleText('bold', text, { stream: process.stdout })
}
