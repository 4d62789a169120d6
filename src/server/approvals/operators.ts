import { didYouMean } from '../../core/nearest.ts'
import { invalidInput, quotedName, sentences } from '../../errors.ts'
import type { Caller } from '../caller.ts'
import type { OperatorConfig } from '../config.ts'
import { keyHashOf, type Sources } from '../secrets.ts'
import type { Operator } from './operator.ts'

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
    const { subject, client } = config
    const signIn = subject === undefined || client === undefined ? undefined : { subject, client }
    const operator = {
      name: config.name,
      keyHash: signIn === undefined ? keyHashOf(config, place, sources) : null,
      callers: config.callers ?? null,
      ...(signIn && { signIn }),
      ended: new AbortController(),
    }
    const names = callers.map(({ name }) => name)
    const stranger = operator.callers?.find((name) => !names.includes(name))
    if (stranger !== undefined)
      throw invalidInput(
        sentences(`${place}.callers: no key is named ${quotedName(stranger)}`, didYouMean(stranger, names)),
      )
    if (operators.some(({ name }) => name === operator.name))
      throw invalidInput(`${place}.name is taken by another operator`)
    if (operators.some(({ keyHash }) => keyHash !== null && operator.keyHash?.equals(keyHash)))
      throw invalidInput(`${place} has the same key as another operator`)
    if (operators.some((one) => one.signIn && one.signIn.subject === subject && one.signIn.client === client))
      throw invalidInput(`${place} has the same subject and client as another operator`)
    checkOwnKey(operator, callers, place)
    operators.push(operator)
  }
  return operators
}

/** Puts others in the place of these, whoever holds the list. Those that are the same stay; of the others the sessions end. */
export function renewOperators(held: Operator[], next: readonly Operator[]): void {
  const told = ({ ended: _, ...operator }: Operator) => JSON.stringify(operator)
  const kept = next.map((one) => held.find((before) => told(before) === told(one)) ?? one)
  const gone = held.filter((one) => !kept.includes(one))
  held.splice(0, held.length, ...kept)
  for (const { ended } of gone) ended?.abort()
}

/** Throws an `IntercomError` where an operator's key is an API key: whoever sends could then approve it. */
export function checkOwnKey({ keyHash }: Pick<Operator, 'keyHash'>, callers: Callers, place: string): void {
  if (callers.some((caller) => keyHash !== null && caller.keyHash?.equals(keyHash)))
    throw invalidInput(`${place}: an operator's key cannot be an API key too; make another`)
}
