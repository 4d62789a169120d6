import { didYouMean } from './core/nearest.ts'
import { invalidInput, quotedName, sentences } from './errors.ts'

/** What an option accepts, in words too; `choices` where its values can be listed. */
export type OptionRule = {
  accepts: (value: unknown) => boolean
  expected: string
  choices?: readonly string[]
}

/**
 * Throws an `IntercomError` for options that are unknown or of a wrong type: a misspelt safety option must not be
 * ignored, and one with a wrong value must not mean its default.
 */
export function checkOptions(given: unknown, rules: Readonly<Record<string, OptionRule>>): void {
  if (!isObject(given)) throw invalidInput('options must be an object')
  for (const [name, value] of Object.entries(given)) {
    const rule = Object.hasOwn(rules, name) ? rules[name] : undefined
    if (rule === undefined) {
      const hint = didYouMean(name, Object.keys(rules))
      throw invalidInput(sentences(`unknown option ${quotedName(name)}`, hint))
    }
    if (value === undefined || rule.accepts(value)) continue
    const hint = typeof value === 'string' && rule.choices ? didYouMean(value, rule.choices) : null
    throw invalidInput(sentences(`${name} must be ${rule.expected}`, hint))
  }
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A rule for one of some words. */
export function oneOf(...choices: [string, ...string[]]): OptionRule {
  const quoted = choices.map((choice) => `"${choice}"`)
  const last = quoted.pop()
  return {
    accepts: (value) => choices.some((choice) => choice === value),
    expected: quoted.length === 0 ? `${last}` : `${quoted.join(', ')} or ${last}`,
    choices,
  }
}

const isText = (value: unknown) => typeof value === 'string'

export const text: OptionRule = { accepts: isText, expected: 'text' }
export const flag: OptionRule = { accepts: (value) => typeof value === 'boolean', expected: 'true or false' }
export const hook: OptionRule = { accepts: (value) => typeof value === 'function', expected: 'a function' }

/** A rule for a list of texts. */
export function textsOf(what: string): OptionRule {
  return {
    accepts: (value) => Array.isArray(value) && value.every(isText),
    expected: `an array of ${what}`,
  }
}

export const toolsetNames = textsOf('names of toolsets')
export const actionNames = textsOf('action names')
