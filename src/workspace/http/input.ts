import { decodeEntities } from '../entities.ts'
import { ApiError, invalid, mismatch, missing } from './api-error.ts'

const digits = /^\d{1,15}$/
const wholeNumber = /^-?\d{1,15}$/

/**
 * An id as Intercom reads it: a number or a string of digits (docs/intercom-api.md 1.7). Undefined if it is neither.
 */
export function toId(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value >= 0 ? value : undefined
  return typeof value === 'string' && digits.test(value) ? Number(value) : undefined
}

/** A JSON object whose members are read by name with a type check. */
export class Input {
  readonly values: ReadonlyMap<string, unknown>

  constructor(source: unknown) {
    if (!isObject(source)) throw invalid('The request body must be a JSON object')
    this.values = new Map(Object.entries(source))
  }

  get(name: string): unknown {
    return this.values.get(name)
  }

  /** Text, `null` or, if absent, `undefined`. Numbers become text, as in Rails. */
  text(name: string): string | null | undefined {
    const value = this.values.get(name)
    if (value === undefined || value === null || typeof value === 'string') return value
    if (typeof value === 'number') return String(value)
    throw mismatch(name, 'a string')
  }

  /** A name: what was read escaped can be written back (docs/intercom-api.md 1.8). */
  unescaped(name: string): string | null | undefined {
    const value = this.text(name)
    return typeof value === 'string' ? decodeEntities(value) : value
  }

  /** A whole number, also as text. */
  integer(name: string): number | null | undefined {
    const value = this.values.get(name)
    if (value === undefined || value === null) return value
    if (typeof value === 'number' && Number.isFinite(value)) return Math.trunc(value)
    if (typeof value === 'string' && wholeNumber.test(value)) return Number(value)
    throw mismatch(name, 'an integer')
  }

  /** A Unix second within the range of four-byte contact ids and of dates. */
  time(name: string): number | null | undefined {
    const value = this.integer(name)
    if (typeof value === 'number' && (value < 0 || value > 253_402_300_799))
      throw invalid(`${name} is invalid`)
    return value
  }

  flag(name: string): boolean | null | undefined {
    const value = this.values.get(name)
    if (value === undefined || value === null || typeof value === 'boolean') return value
    if (value === 'true') return true
    if (value === 'false') return false
    throw mismatch(name, 'a boolean')
  }

  object(name: string): Input | null | undefined {
    const value = this.values.get(name)
    if (value === undefined || value === null) return value
    if (!isObject(value)) throw mismatch(name, 'an object')
    return new Input(value)
  }

  array(name: string): readonly unknown[] | null | undefined {
    const value = this.values.get(name)
    if (value === undefined || value === null) return value
    if (!Array.isArray(value)) throw invalid(`${label(name)} isn't an array`)
    return value
  }

  /**
   * One of a list of words; anything else is Intercom's `<Label> isn't an option` (docs/intercom-api.md 1.4).
   */
  option<T extends string>(name: string, options: readonly T[]): T | undefined {
    const value = this.values.get(name)
    if (value === undefined || value === null) return undefined
    const found = options.find((option) => option === value)
    if (found === undefined) throw invalid(`${label(name)} isn't an option`)
    return found
  }

  /** A required id. What cannot be an id is 0, which nothing has. */
  id(name: string): number {
    const value = this.values.get(name)
    if (value === undefined || value === null || value === '') throw missing(`${name} not specified`)
    if (typeof value !== 'string' && typeof value !== 'number') throw mismatch(name, 'an id')
    return toId(value) ?? 0
  }

  /** Required text that is not blank, such as a message's body. */
  filled(name: string): string {
    const value = this.text(name)
    if (value === undefined || value === null || value.trim() === '') {
      throw invalid(`${label(name)} is required`)
    }
    return value
  }
}

/** An empty input. */
export const noInput = new Input({})

/** The body of a request as an {@link Input}. */
export function parseBody(text: string): Input {
  if (text.trim() === '') return noInput
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    throw new ApiError(400, 'parameter_invalid', 'The request body is not valid JSON')
  }
  return new Input(parsed)
}

/** A plain JSON object, not an array, not null. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function label(name: string): string {
  return name
    .split('_')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(' ')
}
