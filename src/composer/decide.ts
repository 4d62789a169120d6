import type { Approval, Decision } from './approval.ts'
import { element } from './element.ts'
import { lengthOf, seen } from './words.ts'

/** Sends a decision. It throws an `Error` whose message tells a person why nothing was decided. */
export type Decide = (decision: Decision) => Promise<void>

/** Milliseconds before a person is told that something takes time. */
const patience = 200

/**
 * What a person decides with: approve, change the text and approve, decline. `editing` is told whether the form stands
 * in the place of the message.
 */
export function decisionForm(
  approval: Approval,
  decide: Decide,
  editing: (is: boolean) => void,
): HTMLElement {
  const { preview } = approval
  const parameter = preview?.textParameter ?? null
  const text = preview?.text ?? null
  const approve = text === null ? 'Approve' : 'Approve and send'
  const root = element('div', { class: 'decide' })
  choices()
  return root

  function choices(focus?: 'edit' | 'decline'): void {
    editing(false)
    const edit = button('Edit', () => edited(text ?? ''))
    const decline = button('Decline', declined)
    const canEdit = parameter !== null && text !== null
    show(
      element(
        'div',
        { class: 'buttons' },
        button(approve, () => send({ decision: 'approve' }), 'primary'),
        canEdit ? edit : null,
        decline,
      ),
    )
    if (focus !== undefined) (focus === 'edit' ? edit : decline).focus()
  }

  function edited(start: string): void {
    editing(true)
    const { label, area, count } = field('The message, as it will be sent', start)
    const before = area.value // with the line breaks of a text area
    const unseen = element('div', { class: 'letter', hidden: true, dir: 'auto' })
    const update = () => {
      const { value } = area
      count.textContent = lengthOf(value)
      unseen.hidden = !count.textContent.includes('not visible')
      unseen.replaceChildren(...(unseen.hidden ? [] : seen(value)))
      submit.disabled = value.trim() === ''
      submit.textContent = value === before ? approve : 'Approve as changed'
    }
    const submit = button(
      approve,
      () => {
        const changed =
          parameter === null || area.value === before ? {} : { input: { [parameter]: area.value } }
        return send({ decision: 'approve', ...changed })
      },
      'primary',
    )
    area.addEventListener('input', update)
    form(
      'edit',
      label,
      unseen,
      element(
        'div',
        { class: 'buttons' },
        submit,
        button('Discard changes', () => choices('edit')),
      ),
    )
    update()
    area.focus()
  }

  function declined(): void {
    const { label, area } = field('Why not? The caller is told; you may leave it empty', '')
    const submit = button(
      'Decline',
      () => {
        const reason = area.value.trim()
        return send({ decision: 'decline', reason: reason === '' ? null : reason })
      },
      'primary',
    )
    form(
      'decline',
      label,
      element(
        'div',
        { class: 'buttons' },
        submit,
        button('Back', () => choices('decline')),
      ),
    )
    area.focus()
  }

  /** Escape leaves it. */
  function form(back: 'edit' | 'decline', ...content: Node[]): void {
    const leave = (event: Event) => {
      if ((event as KeyboardEvent).key === 'Escape') choices(back)
    }
    show(element('div', { class: 'form', keydown: leave }, content))
  }

  function show(content: HTMLElement): void {
    root.replaceChildren(content)
  }

  async function send(decision: Decision): Promise<void> {
    const controls = [...root.querySelectorAll<HTMLButtonElement | HTMLTextAreaElement>('button, textarea')]
    for (const one of controls) one.disabled = true
    root.querySelector('.problem')?.remove()
    const waiting = element('p', { class: 'quiet', role: 'status' })
    root.append(waiting)
    const late = setTimeout(() => waiting.append('Passing it on…'), patience)
    try {
      await decide(decision)
    } catch (error) {
      const message = error instanceof Error ? error.message : 'That did not work. Nothing was decided.'
      for (const one of controls) one.disabled = false
      root.append(element('p', { class: 'problem', role: 'alert' }, message))
      controls[0]?.focus()
    } finally {
      clearTimeout(late)
      waiting.remove()
    }
  }
}

function button(text: string, press: () => void, kind = ''): HTMLButtonElement {
  return element('button', { type: 'button', class: kind, click: press }, text)
}

function field(name: string, start: string) {
  const area = element('textarea', { rows: '3', dir: 'auto', spellcheck: 'true' })
  area.value = start
  const count = element('span', { class: 'quiet' })
  return { area, count, label: element('label', {}, element('span', {}, name), area, count) }
}
