import { useSignal } from '@preact/signals'
import { Labelled } from './parts/small.tsx'
import { messageOf } from './server.ts'
import { reason, signIn } from './session.ts'

/** Takes a key; the other way in is the link that the command prints. */
export function SignInForm({ says, onDone }: { says?: string; onDone?: () => void }) {
  const problem = useSignal(says ?? reason.value)
  const isBusy = useSignal(false)
  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    const field = (event.currentTarget as HTMLFormElement).elements.namedItem('key') as HTMLInputElement
    problem.value = null
    isBusy.value = true
    try {
      await signIn({ key: field.value.trim() })
      onDone?.()
    } catch (error) {
      problem.value = messageOf(error)
      field.select()
    }
    isBusy.value = false
  }
  return (
    <form class="sign-in" onSubmit={submit}>
      <Labelled label="API key, or operator’s key or access token">
        {(ids) => <input {...ids} name="key" type="password" autocomplete="current-password" required />}
      </Labelled>
      <p class="wrong" role="alert">
        {problem.value}
      </p>
      <button type="submit" class="primary" disabled={isBusy.value}>
        Sign in
      </button>
    </form>
  )
}

/** The page before anybody is signed in. */
export function Door() {
  return (
    <main class="door" id="main">
      <h1>Studio</h1>
      <p>
        Open the link that <code>modulex-intercom studio</code> printed. It works once, for ten minutes; press
        Enter in that terminal for another.
      </p>
      <p class="quiet">Or sign in with a key of this server. You can see and do here what that key allows.</p>
      <SignInForm />
    </main>
  )
}
