import type { Approval, Message, Preview, Recipient } from './approval.ts'
import { element } from './element.ts'
import { inline, lengthOf, moment, seen, words } from './words.ts'

/** To whom, from whom, where and by which channel. */
export function facts({ to, from, conversation, channel }: Preview): HTMLElement {
  return element(
    'dl',
    { class: 'facts' },
    to.length === 0 ? null : fact('To', ...to.map(recipient)),
    from === null ? null : fact('From', person(from)),
    conversation === null
      ? null
      : fact(
          'In',
          element(
            'p',
            {},
            conversation.subject === null ? 'a conversation without a subject' : inline(conversation.subject),
            quiet([conversation.state, `conversation ${conversation.id}`]),
          ),
        ),
    channel === null ? null : fact('Via', element('p', {}, inline(channel))),
  )
}

function fact(name: string, ...values: Node[]): HTMLElement {
  return element('div', {}, element('dt', {}, name), element('dd', {}, values))
}

function recipient(one: Recipient): HTMLElement {
  const more = quiet([one.role, one.company])
  return element(
    'div',
    { class: 'recipient' },
    person(one, more),
    one.warnings.length === 0
      ? null
      : element(
          'ul',
          { class: 'warnings' },
          one.warnings.map((warning) => element('li', {}, inline(warning))),
        ),
  )
}

function person(
  { name, email, id, type }: { name: string | null; email: string | null; id: string; type: string },
  more: Node | null = null,
): HTMLElement {
  const who = name ?? email
  return element(
    'p',
    {},
    element('strong', {}, who === null ? `${type} ${id}` : inline(who)),
    name !== null && email !== null ? [' ', inline(email)] : null,
    more,
    who === null ? null : quiet([id]),
  )
}

/** ` · user · Example Ltd`, of those that are known. */
function quiet(parts: readonly (string | null)[]): HTMLElement {
  const known = parts.filter((part) => part !== null && part !== '')
  return element(
    'span',
    { class: 'quiet' },
    known.flatMap((part) => [' · ', inline(part ?? '')]),
  )
}

const authors = { admin: 'teammate', user: 'customer', bot: 'bot' } as const

/** The last messages of the conversation, so that the draft can be read as the answer that it is. */
export function thread({ conversation }: Preview): HTMLElement | null {
  if (conversation === null || conversation.last.length === 0) return null
  return element(
    'section',
    { class: 'thread', 'aria-label': 'The conversation so far' },
    element('h2', {}, 'The conversation so far'),
    element('ol', {}, conversation.last.map(message)),
  )
}

function message({ by, kind, at, text, note }: Message): HTMLElement {
  const role = note ? 'internal note' : authors[kind]
  return element(
    'li',
    { class: note ? 'note' : kind },
    element('p', { class: 'who' }, element('b', {}, inline(by)), ` · ${role} · `, moment(at * 1000)),
    words(text),
  )
}

/** The text of the call as the customer will see it, as it is sent where that differs, and what goes with it. */
export function draft(approval: Approval): HTMLElement | null {
  const { preview } = approval
  if (preview === null || preview.text === null) return null
  const edited = editedText(approval)
  const text = edited ?? preview.text
  const shown = edited === null ? preview.shown : null
  return element(
    'section',
    { class: 'draft', 'aria-label': 'The message' },
    element(
      'h2',
      {},
      edited === null ? 'The message, as the customer will see it' : 'The message, as a person changed it',
      element('span', { class: 'quiet' }, ` · ${lengthOf(shown ?? text)}`),
    ),
    words(shown ?? text, 'letter'),
    shown === null ? null : disclosure('As it is sent', words(text, 'source')),
    edited === null ? null : disclosure('As the caller wrote it', words(preview.text, 'source')),
  )
}

/** The text as a person changed it, or `null`. */
export function editedText({ edited, preview }: Approval): string | null {
  const parameter = preview?.textParameter
  if (typeof edited !== 'object' || edited === null || parameter == null) return null
  const text = (edited as Record<string, unknown>)[parameter]
  return typeof text === 'string' && text !== preview?.text ? text : null
}

export function attachments({ attachments: urls }: Preview): HTMLElement | null {
  if (urls.length === 0) return null
  return element(
    'section',
    { class: 'attachments' },
    element('h2', {}, 'Attached'),
    element(
      'ul',
      {},
      urls.map((url) => element('li', {}, inline(url))),
    ),
  )
}

export function notes({ notes: all }: Preview): HTMLElement | null {
  if (all.length === 0) return null
  return element(
    'ul',
    { class: 'notes' },
    all.map((note) => element('li', {}, inline(note))),
  )
}

/** Every parameter, in the caller's own words. */
export function parameters({ input, preview }: Approval): HTMLElement | null {
  if (typeof input !== 'object' || input === null) return null
  const rows = Object.entries(input).filter(([, value]) => value !== undefined && value !== null)
  const list = element(
    'dl',
    { class: 'parameters' },
    rows.map(([name, value]) =>
      element(
        'div',
        {},
        element('dt', {}, seen(name)),
        element(
          'dd',
          { dir: 'auto' },
          seen(typeof value === 'string' ? value : JSON.stringify(value, null, 2)),
        ),
      ),
    ),
  )
  const title = 'Everything the caller asked for, in its own words'
  return preview?.text == null
    ? element('section', {}, element('h2', {}, title), list)
    : disclosure(title, list)
}

function disclosure(title: string, ...content: Node[]): HTMLElement {
  return element('details', {}, element('summary', {}, title), content)
}
