import { parseArgs } from 'node:util'
import { isBlank } from '../core/blanks.ts'
import { exactJson } from '../core/exact-json.ts'
import { didYouMean } from '../core/nearest.ts'
import { IntercomError, sentences } from '../errors.ts'

/** A flag of the command line, named as a parameter is (snake_case); `--kebab-case` follows. */
export type Flag = {
  type: 'string' | 'integer' | 'boolean' | 'object' | 'array'
  description: string
  required?: boolean
  default?: unknown
  /** Given on as text, for `hostInput` to read; JSON is read here. */
  asText?: boolean
  /** Whether an empty value means something; elsewhere it is a shell variable that is not set. */
  mayBeEmpty?: boolean
  /** What a shell offers for it; files where nothing is named. */
  values?: readonly string[]
}

export type Flags = Record<string, Flag>

/** Wrong usage: the text says what to do instead; the exit code is 2. */
export class UsageError extends Error {}

/** What a command line gave: values by snake_case name, arguments that are no flags, whether it asks for help. */
export type Parsed = { values: Record<string, unknown>; positionals: string[]; help: boolean }

/**
 * Reads a command line. Flags that are unknown, repeated, without a value or of a wrong type are wrong usage, never
 * ignored. `otherNames`: what flags are called elsewhere, by snake_case name.
 */
export function parseFlags(
  args: string[],
  flags: Flags,
  otherNames: Readonly<Record<string, string>> = {},
): Parsed {
  const options = Object.fromEntries(
    Object.entries(flags).map(([name, { type }]) => [
      kebab(name),
      { type: type === 'boolean' ? ('boolean' as const) : ('string' as const), multiple: type === 'array' },
    ]),
  )
  const { tokens } = parseArgs({
    args,
    options: { ...options, help: { type: 'boolean', short: 'h' } },
    strict: false,
    allowPositionals: true,
    allowNegative: true,
    tokens: true,
  })
  const parsed: Parsed = { values: {}, positionals: [], help: false }
  for (const token of tokens) {
    if (token.kind === 'positional') parsed.positionals.push(token.value)
    if (token.kind !== 'option') continue
    if (token.rawName === '--help' || token.rawName === '-h') parsed.help = true
    else readFlag(token, flags, otherNames, parsed.values)
  }
  return parsed
}

type Token = { rawName: string; value?: string | undefined; inlineValue?: boolean | undefined }

function readFlag(
  token: Token,
  flags: Flags,
  otherNames: Readonly<Record<string, string>>,
  values: Record<string, unknown>,
): void {
  const { rawName } = token
  const plain = known(rawName, flags)
  const name = plain ?? negated(rawName, flags)
  const flag = name === undefined ? undefined : flags[name]
  if (name === undefined || flag === undefined) {
    const names = Object.keys(flags).map((one) => `--${kebab(one)}`)
    const others = Object.entries(otherNames).map(([other, meant]) => [other, `--${kebab(meant)}`])
    const near = didYouMean(rawName, names, Object.fromEntries(others))
    throw new UsageError(sentences(`unknown flag ${rawName}`, near))
  }
  set(values, name, plain === undefined ? negative(token) : given(token, flag), flag)
}

function negative({ rawName, value }: Token): boolean {
  if (value !== undefined) throw new UsageError(`${rawName} takes no value`)
  return false
}

function given({ rawName, value, inlineValue }: Token, flag: Flag): unknown {
  if (flag.type === 'boolean' && value === undefined) return true
  if (value === undefined || (value === '' && flag.asText !== true && flag.mayBeEmpty !== true))
    throw new UsageError(`${rawName} needs a value`)
  if (flag.type !== 'boolean' && !inlineValue && /^-[-a-z]/i.test(value))
    throw new UsageError(`${rawName} needs a value; if it is ${value}, write ${rawName}=${value}`)
  return readValue(rawName, flag, value)
}

function known(rawName: string, flags: Flags): string | undefined {
  return Object.keys(flags).find((name) => rawName === `--${kebab(name)}`)
}

/** `--no-x` stands for the boolean flag `x` given as false. */
function negated(rawName: string, flags: Flags): string | undefined {
  return Object.keys(flags).find(
    (name) => flags[name]?.type === 'boolean' && rawName === `--no-${kebab(name)}`,
  )
}

function set(values: Record<string, unknown>, name: string, value: unknown, flag: Flag): void {
  if (flag.type === 'array') {
    values[name] = [...((values[name] as unknown[] | undefined) ?? []), value]
    return
  }
  if (name in values) throw new UsageError(`--${kebab(name)} is given twice`)
  values[name] = value
}

function readValue(rawName: string, flag: Flag, value: string): unknown {
  if (flag.asText === true && (flag.type !== 'object' || isBlank(value))) return value
  switch (flag.type) {
    case 'string':
    case 'array':
      return value
    case 'boolean':
      if (value !== 'true' && value !== 'false') throw new UsageError(`${rawName} takes true or false`)
      return value === 'true'
    case 'integer':
      if (!/^-?\d+$/.test(value)) throw new UsageError(`${rawName} takes a whole number`)
      return Number(value)
    case 'object':
      return parseJson(rawName, value)
  }
}

/** Reads JSON given on the command line. */
export function parseJson(where: string, text: string): unknown {
  try {
    return exactJson(text, where)
  } catch (error) {
    throw error instanceof IntercomError ? new UsageError(error.message) : error
  }
}

/** The value of a flag of type `string`. */
export function textIn(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

/** The names in the value of a flag that takes them comma-separated. */
export function namesIn(value: unknown): string[] | undefined {
  return textIn(value)
    ?.split(',')
    .map((name) => name.trim())
}

/** `contact_id` → `contact-id`. */
export function kebab(name: string): string {
  return name.replaceAll('_', '-')
}

/** The port a command line asks for. */
export function portFrom(
  values: Record<string, unknown>,
  flag: 'port' | 'health_port' | 'intercom_port' | 'studio_port' = 'port',
  usual = 0,
): number {
  const port = (values[flag] as number | undefined) ?? usual
  if (port < 0 || port > 65_535) throw new UsageError(`--${kebab(flag)} takes a number from 0 to 65535`)
  return port
}
