import type { Find } from '../http/router.ts'
import { Mistake } from '../mistake.ts'
import { random } from '../seed/prng.ts'
import { type Fault, type FaultRule, faultRule } from './fault.ts'
import { type Matches, routeMatcher } from './route.ts'

/** A rule in force, and what became of it so far. */
export interface ActiveFault {
  readonly id: number
  /** With its defaults. */
  readonly rule: FaultRule
  /** Requests that matched its route. */
  readonly seen: number
  /** Requests that it struck. */
  readonly struck: number
}

interface Rule {
  readonly id: number
  readonly rule: Fault
  readonly matches: Matches
  readonly draw: () => number
  seen: number
  struck: number
}

/** More rules than anybody keeps apart. */
const limit = 100
/** A stream of numbers of its own, beside those of the seed. */
const stream = 101

/**
 * Decides which requests go wrong. Rules are asked in the order in which they were added, the first that strikes
 * wins. Each has its own stream of numbers, so the same requests in the same order meet the same faults.
 */
export class FaultRules {
  readonly #find: Find
  #rules: Rule[] = []
  #nextId = 1

  constructor(find: Find) {
    this.#find = find
  }

  /** Adds a rule; throws on one that could never strike. */
  add(asked: FaultRule): ActiveFault {
    if (this.#rules.length >= limit) throw new Mistake(`There are ${limit} fault rules already; clear some.`)
    const rule = faultRule.parse(asked)
    const added: Rule = {
      id: this.#nextId++,
      rule,
      matches: routeMatcher(rule.route),
      draw: random(stream, rule.seed),
      seen: 0,
      struck: 0,
    }
    this.#rules.push(added)
    return shown(added)
  }

  list(): ActiveFault[] {
    return this.#rules.map(shown)
  }

  /** Takes one rule away, or all; tells how many that were. */
  clear(id?: number): number {
    const before = this.#rules.length
    this.#rules = id === undefined ? [] : this.#rules.filter((rule) => rule.id !== id)
    return before - this.#rules.length
  }

  /** The fault that strikes this request, if any. Every call counts as a request. */
  pick(method: string, target: string): Fault | undefined {
    if (this.#rules.length === 0) return undefined
    const path = target.split('?', 1)[0] ?? target
    const { operation } = this.#find(method, path).route
    for (const rule of this.#rules) {
      if (!rule.matches(method, path, operation)) continue
      rule.seen += 1
      const { after, count, probability } = rule.rule
      if (rule.seen <= after || (count !== undefined && rule.struck >= count)) continue
      if (rule.draw() >= probability) continue
      rule.struck += 1
      return rule.rule
    }
    return undefined
  }
}

function shown({ id, rule, seen, struck }: Rule): ActiveFault {
  return { id, rule, seen, struck }
}
