import type { Approval } from './approval.ts'
import { element } from './element.ts'
import { headline, toneOf } from './status.ts'
import { inline, moment } from './words.ts'

/** Draws rows into `place`. What has not changed stays, and with it the focus. `open` follows a link. */
export function drawRows(
  place: HTMLElement,
  approvals: readonly Approval[],
  current: string | undefined,
  open: (event: Event) => void,
): void {
  const key = JSON.stringify([
    approvals.map(({ id, state, outcome }) => [id, state, outcome != null]),
    current,
  ])
  if (place.dataset['key'] === key) return
  place.dataset['key'] = key
  const focused = document.activeElement?.getAttribute('href')
  place.replaceChildren(...approvals.map((approval) => row(approval, approval.id === current, open)))
  for (const link of place.querySelectorAll('a')) if (link.getAttribute('href') === focused) link.focus()
}

function row(approval: Approval, isCurrent: boolean, open: (event: Event) => void): HTMLElement {
  const { id, title, caller, preview, created_at, decided_at, state } = approval
  const [first, ...more] = preview?.to ?? []
  const who = first === undefined ? null : (first.name ?? first.email ?? first.id)
  const warned = preview?.to.some(({ warnings }) => warnings.length > 0) ?? false
  const text = preview?.shown ?? preview?.text ?? null
  const waits = state === 'waiting'
  const link = element(
    'a',
    {
      href: `/approvals/${encodeURIComponent(id)}`,
      click: open,
      ...(isCurrent ? { 'aria-current': 'page' } : {}),
    },
    element(
      'span',
      { class: 'what' },
      element('strong', {}, who === null ? (title ?? approval.action ?? id) : inline(who)),
      more.length === 0 ? null : ` and ${more.length} more`,
      warned && waits ? element('span', { class: 'warned' }, 'warning') : null,
    ),
    element('span', { class: 'excerpt' }, text === null ? (title ?? null) : inline(text)),
    element(
      'span',
      { class: 'quiet' },
      waits ? null : `${headline(approval)} · `,
      waits && text !== null && title != null ? `${title} · ` : null,
      caller === undefined ? null : [inline(caller), ' · '],
      created_at === undefined ? null : moment(decided_at ?? created_at),
    ),
  )
  return element('li', { 'data-tone': toneOf(approval) }, link)
}
