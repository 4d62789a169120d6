import { type AnyAction, effectIn } from '../../core/action.ts'
import type { Preview, PreviewContact, PreviewMessage } from '../../core/preview.ts'
import { shortened } from '../../errors.ts'
import { lengthOf, spelt, withLineFeeds } from './spelt.ts'

/** Who asks for a call, and since when. */
export type Asked = {
  /** The name of its key; `null` where there is none. */
  caller: string | null
  /** What the program calls itself, which nothing proves. */
  client: string | null
  /** Unix ms. */
  since: number
}

/** What is known of a call besides its input. `problem`: why nothing could be looked up. */
export type About = { preview?: Preview | null; problem?: string | undefined; asked?: Asked | undefined }

/** Characters of a message that was said before. */
const maxSaid = 300

/**
 * What a person reads who decides on a call: whom it reaches, where, with which text, and all that would be sent, defaults
 * too, since they confirm that and not a summary of it. No line of a text passes for another line, and nothing in it is
 * invisible. `input`: as the action's schema has parsed it, or as it was given where it cannot.
 */
export function approvalCard(
  action: Pick<AnyAction, 'title' | 'effect' | 'effectOf' | 'destructive'>,
  input: unknown,
  { preview: given = null, problem, asked }: About = {},
): string {
  const isInput = typeof input === 'object' && input !== null && !Array.isArray(input)
  const preview = given && withTextOf(given, input)
  const parameters = Object.entries(isInput ? input : { input }).filter(([, value]) => value !== undefined)
  const isAbove = ([name, value]: [string, unknown]) =>
    preview !== null && name === preview.textParameter && value === preview.text
  return [
    `${action.title}? ${consequence(action, input)}`,
    ...(preview === null ? [] : ['', ...previewLines(preview)]),
    ...(problem === undefined ? [] : ['', `Nothing could be looked up: ${line(problem)}`]),
    ...(asked === undefined ? [] : ['', askedLine(asked)]),
    '',
    'The call, in the words of whoever asks for it:',
    ...parameters.map((one) => (isAbove(one) ? `${spelt(one[0])}: the text above` : parameterLine(...one))),
  ].join('\n')
}

/** A text that a person has changed since is the one that will be sent; how it will be seen is not known. */
function withTextOf(preview: Preview, input: unknown): Preview {
  const { textParameter, text } = preview
  const now = textParameter === null ? text : (input as Record<string, unknown> | null)?.[textParameter]
  return typeof now === 'string' && now !== text ? { ...preview, text: now, shown: null } : preview
}

function consequence(action: Pick<AnyAction, 'effect' | 'effectOf' | 'destructive'>, input: unknown): string {
  if (action.destructive) return 'What it takes away cannot be had back.'
  const effect = typeof input === 'object' && input !== null ? effectIn(action, input) : action.effect
  if (effect === 'send') return 'It may reach a customer, and cannot be taken back.'
  return effect === 'read' ? 'It reads, and changes nothing.' : 'It changes what is in Intercom.'
}

function previewLines(preview: Preview): string[] {
  const { to, from, conversation, channel, text, shown, attachments, notes } = preview
  const whom = channel === null ? 'About' : 'To'
  const about = conversation && [conversation.id, conversation.state, subjectOf(conversation.subject)]
  return [
    ...to.flatMap((person) => [
      `${whom}: ${personLine(person)}`,
      ...person.warnings.map((warning) => `  ! ${line(warning)}`),
    ]),
    ...(from === null ? [] : [`From: ${personLine(from)}`]),
    ...(about === null ? [] : [`In: ${listed(about.map((one) => (one === null ? null : line(one))))}`]),
    ...(channel === null ? [] : [`As: ${line(channel)}`]),
    ...notes.map((note) => `Note: ${line(note)}`),
    ...(conversation === null || conversation.last.length === 0
      ? []
      : ['What was said last, which is not what will be sent:', ...conversation.last.flatMap(messageLines)]),
    ...(text === null ? [] : textLines('The text as it will be sent', text)),
    ...(shown === null ? [] : textLines('The text as it will be seen', shown)),
    ...(attachments.length === 0 ? [] : ['Attached:', ...attachments.map((url) => `  - ${line(url)}`)]),
  ]
}

function personLine(person: PreviewContact | NonNullable<Preview['from']>): string {
  const { type, id, name, email } = person
  const company = 'company' in person ? person.company : null
  const role = 'role' in person ? person.role : type
  return listed([
    name === null ? 'without a name' : quoted(name),
    email === null ? null : `e-mail ${quoted(email)}`,
    role === null ? null : line(role),
    company === null ? null : `company ${quoted(company)}`,
    `id ${line(id)}`,
  ])
}

const kinds = { admin: 'teammate', user: 'customer', bot: 'bot' } as const

function messageLines({ by, kind, at, text, note }: PreviewMessage): string[] {
  return [
    `  - ${listed([quoted(by), kinds[kind], note ? 'internal note' : null, timeOf(at * 1000)])}`,
    ...indented(shortened(text, maxSaid)),
  ]
}

function textLines(what: string, text: string): string[] {
  return [`${what} (${lengthOf(withLineFeeds(text))}):`, ...indented(text)]
}

function askedLine({ caller, client, since }: Asked): string {
  return `Asked by: ${listed([
    caller === null ? null : `the key ${quoted(caller)}`,
    client === null ? null : `a program that calls itself ${quoted(client)}`,
    `at ${timeOf(since) ?? 'an unknown time'}`,
  ])}`
}

function subjectOf(subject: string | null): string | null {
  return subject === null ? null : `subject ${JSON.stringify(subject)}`
}

function parameterLine(name: string, value: unknown): string {
  const text = typeof value === 'string' ? withLineFeeds(value) : (JSON.stringify(value) ?? '')
  const shown = typeof value === 'string' ? spelt(text) : spelt(jsonOf(value))
  const length = shown === text && /^\S{0,60}$/.test(text) ? '' : ` (${lengthOf(text)})`
  return `${spelt(name)}${length}: ${shown.replaceAll('\n', '\n  | ')}`
}

/** With each text spelt out before JSON escapes its line breaks. */
function jsonOf(value: unknown): string {
  return JSON.stringify(value, (_, item) => (typeof item === 'string' ? spelt(item) : item)) ?? ''
}

/** Each line of a text marked as one of its own. */
function indented(text: string): string[] {
  return spelt(text)
    .split('\n')
    .map((one) => `    | ${one}`)
}

function line(text: string): string {
  return spelt(text).replaceAll('\n', '[U+000A]')
}

function quoted(text: string): string {
  return JSON.stringify(line(text))
}

function listed(parts: readonly (string | null)[]): string {
  return parts.filter((part) => part !== null).join(', ')
}

/** `null` for what is no time. */
function timeOf(ms: number): string | null {
  const date = new Date(ms)
  return ms > 0 && !Number.isNaN(date.getTime())
    ? `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`
    : null
}
