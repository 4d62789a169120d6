import { type Shape, timesOf } from './shape.ts'
import type { Words } from './words.ts'

/** What one answer has and the other has not, in words that hold no value of either. */
export type Difference = {
  kind:
    | 'status'
    | 'body'
    | 'extra key'
    | 'missing key'
    | 'absent or null'
    | 'type'
    | 'format'
    | 'word'
    | 'header'
    | 'pages'
    | 'error'
  /** Keys down to it; empty for the whole answer. */
  where: string
  live: string
  local: string
}

/** Keys that are there only where they were set (docs/intercom-api.md 2.1, 2.11, 2.12). */
const optional = new Set(
  `job_title away_status_reason_id avatar remote_created_at last_request_at size website industry plan_id admin_id
  description options count admin_priority_level updated_at source_id`.split(/\s+/),
)

/** Values of `type` that stand in one place. */
const alike: [place: RegExp, words: Set<string>][] = (
  [
    [
      /(^|\.)(author|assigned_to|applied_by|created_by)\.type$/,
      'user lead contact admin bot team nobody_admin visitor',
    ],
    [/(^|\.)linked_objects\.data\[\]\.type$/, 'ticket conversation'],
    [
      /(^|\.)source\.type$/,
      'conversation email facebook instagram phone_call phone_switch push sms twitter whatsapp',
    ],
  ] as const
).map(([place, words]) => [place, new Set(words.split(' '))])

/** How the shape of a live answer differs from the local one's; what either has never shown is not a difference. */
export function differencesOf(live: Shape, local: Shape, words: Words): Difference[] {
  const found: Difference[] = []
  compare(live, local, '', '', true)
  return found

  /** `mayBeNull`: the null of a live answer is no difference, or told already. */
  function compare(one: Shape, other: Shape, where: string, key: string, mayBeNull: boolean): void {
    if (types(one, other, where, mayBeNull)) return
    formats(one, other, where)
    enumerations(one, other, where, key)
    if (one.items !== null && other.items !== null) compare(one.items, other.items, `${where}[]`, key, false)
    keys(one, other, where)
  }

  /** Whether a type differs; then what is below it does so by itself. */
  function types(one: Shape, other: Shape, where: string, mayBeNull: boolean): boolean {
    const [liveKinds, localKinds] = [namesOf(one), namesOf(other)]
    const known = new Set(localKinds)
    if (known.has('number')) known.add('integer')
    if (mayBeNull) known.add('null')
    if (localKinds.every((kind) => kind === 'null') || liveKinds.every((kind) => known.has(kind)))
      return false
    found.push({ kind: 'type', where, live: liveKinds.join(' or '), local: localKinds.join(' or ') })
    return true
  }

  function formats(one: Shape, other: Shape, where: string): void {
    const [seen, known] = [written(one), written(other)]
    if (known.length === 0 || seen.every((format) => known.includes(format))) return
    found.push({ kind: 'format', where, live: seen.join(' or '), local: known.join(' or ') })
  }

  function enumerations(one: Shape, other: Shape, where: string, key: string): void {
    if (one.words.size === 0 || other.words.size === 0) return
    if ([...other.words].some((word) => words.value(key, word) === null)) return // not an enumeration here
    const strange = [...one.words].filter((word) => !isExpected(where, key, word, other.words))
    if (strange.length === 0) return
    const shown = (all: Iterable<string>) => [
      ...new Set([...all].map((word) => words.value(key, word) ?? 'a word that no vocabulary has')),
    ]
    found.push({
      kind: 'word',
      where,
      live: shown(strange).join(' or '),
      local: shown(other.words).join(' or '),
    })
  }

  function isExpected(where: string, key: string, word: string, known: ReadonlySet<string>): boolean {
    if (known.has(word)) return true
    if (key !== 'type') return words.value(key, word) !== null
    return alike.some(([place, group]) => place.test(where) && group.has(word))
  }

  function keys(one: Shape, other: Shape, where: string): void {
    const [objects, ours] = [one.kinds.get('object') ?? 0, other.kinds.get('object') ?? 0]
    if (objects === 0 || other.keys.size === 0) return
    let unknown = 0
    for (const [name, shape] of one.keys) {
      const known = other.keys.get(name)
      const shown = words.key(name)
      const at = below(where, shown)
      if (known !== undefined) {
        const told = absence(name, at, { shape, objects }, { shape: known, objects: ours })
        compare(shape, known, at, name, told || words.mayBeNull(name))
      } else if (shown === null) unknown++
      else found.push({ kind: 'extra key', where: at, live: namesOf(shape).join(' or '), local: 'absent' })
    }
    if (unknown > 0)
      found.push({ kind: 'extra key', where, live: `${unknown} that no vocabulary has`, local: 'absent' })
    for (const [name, shape] of other.keys) {
      if (one.keys.has(name) || timesOf(shape) < ours) continue
      const at = below(where, words.key(name))
      missing(name, at, 'absent', shape)
    }
  }

  type Seen = { shape: Shape; objects: number }

  /** Whether a null is told, where the local Intercom leaves the key out. */
  function absence(name: string, where: string, one: Seen, other: Seen): boolean {
    const absent = one.objects - timesOf(one.shape)
    const isAlwaysThere = timesOf(other.shape) === other.objects
    if (absent > 0 && isAlwaysThere)
      missing(name, where, `absent in ${absent} of ${one.objects}`, other.shape)
    if (isAlwaysThere || other.shape.kinds.has('null') || !one.shape.kinds.has('null')) return false
    const [live, local] = ['null where there is none', 'absent where there is none']
    found.push({ kind: 'absent or null', where, live, local })
    return true
  }

  function missing(name: string, where: string, live: string, shape: Shape): void {
    const local = namesOf(shape).join(' or ')
    if (shape.kinds.has('null')) found.push({ kind: 'absent or null', where, live, local })
    else if (!optional.has(name)) found.push({ kind: 'missing key', where, live, local })
  }
}

function below(where: string, key: string | null): string {
  return `${where}${where === '' ? '' : '.'}${key ?? '…'}`
}

function namesOf({ kinds }: Shape): string[] {
  return [...kinds.keys()].toSorted()
}

function written({ formats }: Shape): string[] {
  return [...formats].filter((format) => format !== '').toSorted()
}
