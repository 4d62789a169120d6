import { AssertionError } from 'node:assert'
import { isDeepStrictEqual } from 'node:util'
import { describeChange } from './describe.ts'
import type { FieldChange } from './read.ts'
import type { Change, ChangeList } from './time-machine.ts'

/** A change as a test expects it. What is left out may be anything. */
export interface ExpectedChange {
  readonly entity: string
  readonly entity_id?: string | undefined
  readonly action?: Change['action'] | undefined
  /**
   * By name: what the field is now, or any of `before` and `after`, or of `added` and `removed`. Of an update they are
   * all fields that changed; of a new or deleted entity, those that matter.
   */
  readonly fields?: Readonly<Record<string, unknown>> | undefined
  readonly customer_saw?: boolean | undefined
  readonly cause?: Change['cause'] | undefined
  readonly route?: string | undefined
  readonly token?: string | undefined
  readonly admin_id?: string | undefined
}

/**
 * Throws an `AssertionError` unless these changes were made, in any order, and no others:
 * `expectChanges(control.changesSince('before'), [{ entity: 'note', action: 'created' }])`.
 */
export function expectChanges(
  found: ChangeList | readonly Change[],
  expected: readonly ExpectedChange[],
): void {
  if (typeof found !== 'object')
    throw new TypeError('expectChanges takes changes first: expectChanges(control.changesSince(name), […]).')
  const list = 'changes' in found ? found : { changes: found, has_more: false, complete: true }
  if (list.has_more) throw new RangeError('There are more changes than were listed; give a higher limit.')
  if (!list.complete) throw new RangeError('Some of the changes are no longer in the history.')
  const { changes } = list
  const matched = match(changes, expected)
  const missing = expected.filter((_, i) => !matched.has(i))
  const found_ = new Set(matched.values())
  const unexpected = changes.filter((_, i) => !found_.has(i))
  if (missing.length === 0 && unexpected.length === 0) return
  const lines = [
    'The changes are not the expected ones.',
    ...missing.map((one) => `  - missing:    ${describeExpected(one)}`),
    ...unexpected.map((one) => `  + unexpected: ${describeChange(one)}`),
  ]
  throw new AssertionError({
    message: lines.join('\n'),
    actual: changes.map(describeChange),
    expected: expected.map((one, i) => {
      const at = matched.get(i)
      const change = at === undefined ? undefined : changes[at]
      return change === undefined ? describeExpected(one) : describeChange(change)
    }),
    operator: 'expectChanges',
    stackStartFn: expectChanges,
  })
}

/** Finds a change of its own for as many expectations as can be: by index. */
function match(changes: readonly Change[], expected: readonly ExpectedChange[]): Map<number, number> {
  const fitting = expected.map((one) => changes.flatMap((change, i) => (fits(change, one) ? [i] : [])))
  const taken = new Map<number, number>()
  const place = (one: number, tried: Set<number>): boolean =>
    (fitting[one] ?? []).some((at) => {
      if (tried.has(at)) return false
      tried.add(at)
      const holder = taken.get(at)
      if (holder !== undefined && !place(holder, tried)) return false
      taken.set(at, one)
      return true
    })
  for (const i of expected.keys()) place(i, new Set())
  return new Map([...taken].map(([at, one]) => [one, at]))
}

function fits(change: Change, { fields, ...rest }: ExpectedChange): boolean {
  for (const [name, value] of Object.entries(rest)) {
    if (value !== undefined && change[name as keyof Change] !== value) return false
  }
  if (fields === undefined) return true
  const names = Object.keys(fields)
  if (change.action === 'updated' && Object.keys(change.fields).some((name) => !names.includes(name)))
    return false
  return names.every((name) => fieldFits(change.fields[name], fields[name]))
}

const parts = ['before', 'after', 'added', 'removed']

function fieldFits(found: FieldChange | undefined, expected: unknown): boolean {
  if (found === undefined) return false
  const told = expected as Readonly<Record<string, unknown>> | null
  const names = typeof told === 'object' && told !== null && !Array.isArray(told) ? Object.keys(told) : []
  if (told === null || names.length === 0 || names.some((name) => !parts.includes(name))) {
    return 'after' in found && isDeepStrictEqual(found.after, expected)
  }
  return names.every((name) =>
    isDeepStrictEqual((found as Readonly<Record<string, unknown>>)[name], told[name]),
  )
}

function describeExpected({ entity, entity_id, action, fields, ...rest }: ExpectedChange): string {
  const what = [entity, entity_id, action].filter((word) => word !== undefined).join(' ')
  const details = [...Object.entries(fields ?? {}), ...Object.entries(rest)]
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name} ${JSON.stringify(value)}`)
  return details.length > 0 ? `${what}: ${details.join(', ')}` : what
}
