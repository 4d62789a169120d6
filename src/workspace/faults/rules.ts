import { validated } from '../control/input.ts'
import { ControlError } from '../control-error.ts'
import type { Find } from '../http/router.ts'
import { random } from '../seed/prng.ts'
import { type Fault, type FaultRule, faultRule } from './fault.ts'
import { type Matches, routeMatcher } from './route.ts'

/** An active rule and how often it has applied. */
export interface ActiveFault {
  readonly id: number
  /** With its defaults. */
  readonly rule: FaultRule
  /** How many requests matched its route. */
  readonly matched: number
  /** How many requests got the fault. */
  readonly injected: number
}

interface Rule {
  readonly id: number
  readonly rule: Fault
  readonly matches: Matches
  readonly draw: () => number
  matched: number
  injected: number
}

const limit = 100
/** A random stream apart from those of the seed data. */
const stream = 101

/**
 * Decides which requests get a fault. The rules are tried in the order they were added; the first that applies wins.
 * Each has its own random stream, so the same requests in the same order get the same faults.
 */
export class FaultRules {
  readonly #find: Find
  #rules: Rule[] = []
  #nextId = 1

  constructor(find: Find) {
    this.#find = find
  }

  /** Adds a rule; throws if it could never apply. */
  add(asked: FaultRule): ActiveFault {
    if (this.#rules.length >= limit)
      throw new ControlError(`There are ${limit} fault rules already; clear some.`)
    const rule = validated(faultRule, asked)
    const added: Rule = {
      id: this.#nextId++,
      rule,
      matches: routeMatcher(rule.route),
      draw: random(stream, rule.seed),
      matched: 0,
      injected: 0,
    }
    this.#rules.push(added)
    return shown(added)
  }

  list(): ActiveFault[] {
    return this.#rules.map(shown)
  }

  /** Removes one rule or all; returns how many. */
  clear(id?: number): number {
    const before = this.#rules.length
    this.#rules = id === undefined ? [] : this.#rules.filter((rule) => rule.id !== id)
    return before - this.#rules.length
  }

  /** The fault to inject into this request, if any. Every call counts as a request. */
  pick(method: string, target: string): Fault | undefined {
    if (this.#rules.length === 0) return undefined
    const path = target.split('?', 1)[0] ?? target
    const { operation } = this.#find(method, path).route
    for (const rule of this.#rules) {
      if (!rule.matches(method, path, operation)) continue
      rule.matched += 1
      const { after, count, probability } = rule.rule
      if (rule.matched <= after || (count !== undefined && rule.injected >= count)) continue
      if (rule.draw() >= probability) continue
      rule.injected += 1
      return rule.rule
    }
    return undefined
  }
}

function shown({ id, rule, matched, injected }: Rule): ActiveFault {
  return { id, rule, matched, injected }
}
