import { useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { type Approval, type Decision, type Mounted, mount } from '../../composer/composer.ts'
import { Busy, Problem } from '../shell/parts/small.tsx'
import { pathOf } from '../shell/router.tsx'
import { warn } from '../shell/said.tsx'
import { answerOf, ask, isAborted, messageOf } from '../shell/server.ts'
import { session } from '../shell/session.ts'
import { SignInForm } from '../shell/sign-in.tsx'

/** An approval as operators decide on it; others see that it waits. `change` grows whenever it may have changed. */
export function ApprovalCard({ id, change, waits }: { id: string; change: number; waits: boolean }) {
  const operator = session.value?.operator ?? null
  if (operator === null) return waits ? <HowToDecide /> : null
  return <Decided key={id} id={id} change={change} />
}

function HowToDecide() {
  return (
    <section class="panel stack" aria-label="Who decides">
      <h3>An operator decides on it</h3>
      <p>
        Your key shows what became of its own calls. To decide, sign in with an operator’s key as well: that
        of MODULEX_INTERCOM_OPERATOR_KEY, or of one of the configuration’s operators. On the server’s machine
        you can also decide with <code>modulex-intercom approvals</code>.
      </p>
      <SignInForm says="" />
    </section>
  )
}

function Decided({ id, change }: { id: string; change: number }) {
  const place = useRef<HTMLDivElement>(null)
  const mounted = useRef<Mounted | null>(null)
  const isThere = useSignal(false)
  const problem = useSignal<string | null>(null)
  const isGone = useRef(false)

  useEffect(() => {
    const going = new AbortController()
    const { signal } = going
    ask<Approval>('GET', `/approvals/${encodeURIComponent(id)}`, undefined, { signal }).then(
      (approval) => {
        if (signal.aborted || place.current === null) return
        problem.value = null
        isThere.value = true
        if (mounted.current === null) {
          const decide = (decision: Decision) =>
            decideOn(id, decision).catch((error: unknown) => {
              if (isGone.current)
                warn(`The decision was not taken: ${messageOf(error)}`, pathOf('sends', ['approvals', id]))
              throw error
            })
          mounted.current = mount(place.current, approval, { decide })
        } else mounted.current.show(approval)
      },
      (error: unknown) => {
        if (!signal.aborted && !isAborted(error)) problem.value = messageOf(error)
      },
    )
    return () => going.abort()
  }, [id, change])
  useEffect(
    () => () => {
      isGone.current = true
      mounted.current?.close()
      mounted.current = null
    },
    [],
  )
  return (
    <>
      {problem.value !== null && <Problem>{problem.value}</Problem>}
      {!isThere.value && problem.value === null && <Busy />}
      <div ref={place} />
    </>
  )
}

/** Answers the approval as it is then, also where somebody else was faster. */
async function decideOn(id: string, decision: Decision): Promise<Approval> {
  const { status, body } = await answerOf('POST', `/approvals/${encodeURIComponent(id)}/decision`, decision)
  if (status === 200) return body as Approval
  const { error, approval } = (body ?? {}) as { error?: unknown; approval?: Approval }
  if (approval !== undefined && (status === 409 || status === 410)) return approval
  throw new Error(typeof error === 'string' ? error : `The server answered ${status}.`)
}
