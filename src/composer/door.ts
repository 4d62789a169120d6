import { element } from './element.ts'
import { messageOf, signIn } from './server.ts'

/** The sign-in, in place of what `root` holds. `entered` gets the operator's name. */
export function door(root: HTMLElement, problem: string | null, entered: (operator: string) => void): void {
  document.title = 'Sign in · Approvals'
  const key = element('input', { type: 'password', autocomplete: 'current-password', required: true })
  const said = element('p', { class: 'problem', role: 'alert' }, problem)
  const enter = async (event: Event) => {
    event.preventDefault()
    said.textContent = ''
    try {
      entered(await signIn({ key: key.value.trim() }))
    } catch (error) {
      said.textContent = messageOf(error)
      key.select()
    }
  }
  root.replaceChildren(
    element(
      'main',
      { class: 'door' },
      element('h1', {}, 'Sign in to decide'),
      element('p', { class: 'quiet' }, 'An agent or a workflow asks before it acts. Operators decide.'),
      element(
        'form',
        { class: 'form', submit: enter },
        element('label', {}, element('span', {}, 'Operator’s key or access token'), key),
        said,
        element(
          'div',
          { class: 'buttons' },
          element('button', { type: 'submit', class: 'primary' }, 'Sign in'),
        ),
      ),
    ),
  )
  key.focus()
}
