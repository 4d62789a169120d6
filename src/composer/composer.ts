import type { Approval, Decision } from './approval.ts'
import { decisionForm } from './decide.ts'
import { element } from './element.ts'
import { attachments, draft, editedText, facts, notes, parameters, thread } from './facts.ts'
import { headline, history, outcome, toneOf } from './status.ts'
import { tick } from './words.ts'

export type { Approval, Decision } from './approval.ts'

/** What the page around a composer can do; without `decide` it only shows. */
export type Composer = {
  /**
   * Passes a decision on and answers the approval as it is then, also where somebody else was faster. Rejects with an
   * `Error` for a person where nothing was decided.
   */
  decide?: (decision: Decision) => Promise<Approval>
  /** Opens the page where it is decided. */
  open?: { label: string; press(): void }
}

/** An approval on a page. */
export type Mounted = {
  /** Draws the approval anew where it has changed. What a person is typing stays while it waits. */
  show(approval: Approval): void
  /** A sentence about the page itself, such as that the server cannot be reached; `null` takes it away. */
  say(sentence: string | null): void
  close(): void
}

/** Milliseconds between two looks at the clock. */
const interval = 15_000

/** Draws an approval into `root`, whose content it owns from then on. */
export function mount(root: HTMLElement, approval: Approval, composer: Composer = {}): Mounted {
  const notice = element('p', { class: 'notice', role: 'status' })
  const place = element('div')
  root.classList.add('composer')
  root.replaceChildren(notice, place)
  let drawn = ''
  show(approval)
  const clock = setInterval(() => tick(root), interval)
  return {
    show,
    say(sentence) {
      if (notice.textContent !== (sentence ?? '')) notice.textContent = sentence
    },
    close() {
      clearInterval(clock)
      root.replaceChildren()
    },
  }

  function show(next: Approval): void {
    const key = JSON.stringify(next)
    if (key === drawn) return
    const isFirst = drawn === ''
    const unsent = place.querySelector('textarea')?.value
    const { activeElement } = document
    const isElsewhere = activeElement !== document.body && !place.contains(activeElement)
    drawn = key
    const { card, heading } = drawing(next, composer, show)
    place.replaceChildren(card)
    if (isFirst) return
    if (!isElsewhere) heading.focus() // it tells the state to whoever cannot see it
    const used = [editedText(next), next.preview?.text, next.reason]
    if (unsent && !used.includes(unsent.trim()) && !used.includes(unsent))
      notice.textContent = `What you were writing was not used: ${unsent}`
  }
}

function drawing(approval: Approval, { decide, open }: Composer, show: (next: Approval) => void) {
  const { preview, state } = approval
  const heading = element('p', { class: 'state', tabindex: '-1' }, headline(approval))
  const card = element('article', { 'data-tone': toneOf(approval), 'data-state': state })
  const message = draft(approval)
  const given = parameters(approval)
  const isAllThereIs = message === null // what else a person decides on
  const waits = state === 'waiting'
  const form =
    waits && decide !== undefined
      ? decisionForm(
          approval,
          async (decision) => show(await decide(decision)),
          (editing) => {
            if (message !== null) message.hidden = editing
          },
        )
      : null
  const opens =
    open !== undefined && (waits || state === 'approved')
      ? element(
          'div',
          { class: 'buttons' },
          element(
            'button',
            { type: 'button', class: form === null ? 'primary' : 'plain', click: open.press },
            open.label,
          ),
        )
      : null
  card.append(
    ...[
      element(
        'header',
        {},
        heading,
        element('h1', {}, approval.title ?? approval.action ?? 'Approval'),
        history(approval),
      ),
      outcome(approval),
      preview === null ? null : facts(preview),
      preview === null ? null : thread(preview),
      preview === null ? null : notes(preview),
      isAllThereIs ? given : null,
      message,
      preview === null ? null : attachments(preview),
      form,
      opens,
      isAllThereIs ? null : given,
    ].filter((part) => part !== null),
  )
  return { card, heading }
}
