import { didYouMean } from '../../core/nearest.ts'
import { invalidInput, quotedName, sentences } from '../../errors.ts'
import type { Caller } from '../caller.ts'
import type { OperatorConfig } from '../config.ts'
import { keyHashOf, type Sources } from '../secrets.ts'

/** Who decides on calls that need a person. An operator's key calls no action, and no API key decides. */
export type Operator = {
  name: string
  keyHash: Buffer
  /** The callers whose approvals they see; `null`: all. */
  callers: readonly string[] | null
}

type Callers = readonly Pick<Caller, 'name' | 'keyHash'>[]

/** The operators of a configuration. Throws an `IntercomError` that names the wrong place. */
export function operatorsOf(
  configs: readonly OperatorConfig[],
  sources: Sources,
  callers: Callers,
): Operator[] {
  const operators: Operator[] = []
  for (const [index, config] of configs.entries()) {
    const place = `operators[${index}]`
    const operator = {
      name: config.name,
      keyHash: keyHashOf(config, place, sources),
      callers: config.callers ?? null,
    }
    const names = callers.map(({ name }) => name)
    const stranger = operator.callers?.find((name) => !names.includes(name))
    if (stranger !== undefined)
      throw invalidInput(
        sentences(`${place}.callers: no key is named ${quotedName(stranger)}`, didYouMean(stranger, names)),
      )
    if (operators.some(({ name }) => name === operator.name))
      throw invalidInput(`${place}.name is taken by another operator`)
    if (operators.some(({ keyHash }) => keyHash.equals(operator.keyHash)))
      throw invalidInput(`${place} has the same key as another operator`)
    checkOwnKey(operator, callers, place)
    operators.push(operator)
  }
  return operators
}

/** Throws an `IntercomError` where an operator's key is an API key: whoever sends could then approve it. */
export function checkOwnKey({ keyHash }: Pick<Operator, 'keyHash'>, callers: Callers, place: string): void {
  if (callers.some((caller) => caller.keyHash?.equals(keyHash)))
    throw invalidInput(`${place}: an operator's key cannot be an API key too; make another`)
}

/** Whether an operator may see, and decide on, the approvals of a caller. */
export function mayDecideFor(operator: Operator, caller: string): boolean {
  return operator.callers?.includes(caller) ?? true
}
