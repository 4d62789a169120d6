import { actionNamed } from '../../actions/toolsets.ts'
import type { Approval } from '../../approvals/index.ts'
import { oneLine, shortened } from '../../errors.ts'
import { spelt } from '../../tools/approval/spelt.ts'
import { formatCount } from '../bulk/progress.ts'

/** Longest value in a summary, characters; whole ones are in the cards. */
const maxValue = 120
/** Most values, people or warnings that are listed; the rest are counted. */
const maxListed = 10
const maxSamples = 3

/**
 * What a person has to know of many calls that wait together: how many, what is the same in all, what differs, whom they
 * reach, what to beware of, and a few of them whole: the first, the last, and the one with the longest text. `card`: one
 * as `show` shows it.
 */
export function manyShown(approvals: readonly Approval[], card: (approval: Approval) => string): string {
  const [first] = approvals
  if (first === undefined) return 'Nothing waits.'
  const actions = counted(approvals.map(({ action }) => actionNamed(action)?.title ?? action))
  const asked = first.asked_by === null ? '' : ` (${first.asked_by})`
  const lines = [
    `${formatCount(approvals.length)} calls of ${first.caller}${asked} wait: ${listed(actions)}`,
    ...parameterLines(approvals),
    ...peopleLines(approvals),
    ...warningLines(approvals),
  ]
  const samples = samplesOf(approvals)
  const heading = samples.length < approvals.length ? 'Some of them, whole' : 'Each of them'
  return [lines.join('\n'), `${heading}:`, ...samples.map(card)].join('\n\n')
}

/** How often each value occurs, the most frequent first. */
function counted(values: readonly string[]): [value: string, count: number][] {
  const counts = new Map<string, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return [...counts].sort(([, a], [, b]) => b - a)
}

function listed(values: readonly [value: string, count: number][]): string {
  const shown = values.slice(0, maxListed).map(([value, count]) => `${formatCount(count)} × ${value}`)
  const more = values.length - shown.length
  return shown.join(', ') + (more > 0 ? `, and ${formatCount(more)} more` : '')
}

/** A parameter that is the same in all is shown once; of others, how many values there are, and the first of them. */
function parameterLines(approvals: readonly Approval[]): string[] {
  const inputs = approvals.map(({ input }) => Object(input) as Record<string, unknown>)
  const names = [...new Set(inputs.flatMap((input) => Object.keys(input)))]
  return names.map((name) => {
    const values = counted(inputs.map((input) => valueText(input[name])))
    const [only] = values
    if (values.length === 1 && only !== undefined) return `${name}: ${only[0]}`
    const several = values.some(([, count]) => count > 1)
    const some = several ? listed(values) : listedPlain(values.map(([value]) => value))
    return `${name}, ${formatCount(values.length)} different: ${some}`
  })
}

function valueText(value: unknown): string {
  if (value === undefined) return '(left out)'
  const text = typeof value === 'string' ? value.replaceAll(/\s*\n\s*/g, ' ⏎ ') : JSON.stringify(value)
  return shortened(spelt(text), maxValue)
}

function listedPlain(values: readonly string[]): string {
  const more = values.length - maxListed
  return values.slice(0, maxListed).join(', ') + (more > 0 ? `, and ${formatCount(more)} more` : '')
}

function peopleLines(approvals: readonly Approval[]): string[] {
  const people = approvals.flatMap(({ preview }) =>
    (preview?.to ?? []).map(({ id, name, email }) =>
      oneLine([name, email && `<${email}>`].filter(Boolean).join(' ') || id),
    ),
  )
  if (people.length === 0) return []
  const each = counted(people)
  return [`Reaches ${formatCount(each.length)} people: ${listedPlain(each.map(([person]) => person))}`]
}

function warningLines(approvals: readonly Approval[]): string[] {
  const warned = approvals.flatMap(({ id, preview }) => {
    const warnings = (preview?.to ?? []).flatMap((one) => one.warnings)
    return warnings.length === 0 ? [] : [`${id}: ${warnings.join('; ')}`]
  })
  const notes = counted(approvals.flatMap(({ preview }) => preview?.notes ?? []))
  const more = warned.length - maxListed
  return [
    ...notes.slice(0, maxListed).map(([note, count]) => `Note, ${formatCount(count)} ×: ${note}`),
    ...warned.slice(0, maxListed).map((warning) => `Beware of ${warning}`),
    ...(more > 0 ? [`and ${formatCount(more)} more with such a warning: show them one by one`] : []),
  ]
}

function samplesOf(approvals: readonly Approval[]): Approval[] {
  const lengthOf = ({ preview }: Approval) => preview?.text?.length ?? 0
  const longest = approvals.reduce((a, b) => (lengthOf(b) > lengthOf(a) ? b : a))
  const chosen = [approvals[0], longest, approvals.at(-1)]
  return [...new Set(chosen)].filter((one) => one !== undefined).slice(0, maxSamples)
}
