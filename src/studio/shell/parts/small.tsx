import { useSignal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { useEffect, useId } from 'preact/hooks'
import { pieces } from '../../../composer/unseen.ts'
import type { Doings } from '../doing.ts'
import { Link } from '../router.tsx'

/** `ok` for what went well, `warn` for what waits or is unclear, `bad` for what somebody should look at. */
export type Tone = 'ok' | 'warn' | 'bad' | 'quiet'

/** A state in a word or two. */
export function Badge({ tone = 'quiet', children }: { tone?: Tone; children: ComponentChildren }) {
  return (
    <span class="badge" data-tone={tone}>
      {children}
    </span>
  )
}

/** Says what is waited for, and nothing in the first 200 ms. */
export function Busy({ says = 'Reading…' }: { says?: string }) {
  const isShown = useSignal(false)
  useEffect(() => {
    const timer = setTimeout(() => {
      isShown.value = true
    }, 200)
    return () => clearTimeout(timer)
  }, [])
  return (
    <p class="quiet busy" role="status">
      {isShown.value && says}
    </p>
  )
}

/** What did not work, read aloud at once. */
export function Problem(props: {
  children: ComponentChildren
  onRetry?: (() => void) | undefined
  onHide?: () => void
}) {
  const { children, onRetry, onHide } = props
  return (
    <div class="problem" role="alert">
      <p>{children}</p>
      {onRetry !== undefined && (
        <button type="button" onClick={onRetry}>
          Try again
        </button>
      )}
      {onHide !== undefined && (
        <button type="button" class="plain" onClick={onHide}>
          Hide
        </button>
      )}
    </div>
  )
}

/** Of what is asked for: what takes its time, and what went wrong. */
export function Told({ of: { pending, problems, hide } }: { of: Doings }) {
  const isLong = useSignal(false)
  const isBusy = pending.value.length > 0
  useEffect(() => {
    isLong.value = false
    const timer = isBusy ? setTimeout(() => (isLong.value = true), 200) : undefined
    return () => clearTimeout(timer)
  }, [isBusy])
  return (
    <>
      <p class="told quiet small" role="status">
        {isBusy && isLong.value && `Under way: ${pending.value.map(({ what }) => what).join(', ')}.`}
      </p>
      {problems.value.map((one) => (
        <Problem key={one.slot} onHide={() => hide(one)}>
          {one.sentence}
        </Problem>
      ))}
    </>
  )
}

/** A place with nothing in it: what would be here, and the one thing to do about it as `children`. */
export function Empty({ says, children }: { says: string; children?: ComponentChildren }) {
  return (
    <div class="empty">
      <p>{says}</p>
      {children}
    </div>
  )
}

/** Copies a text; a function is asked for it when it is pressed. */
export function CopyButton(props: { text: string | (() => string); label?: string }) {
  const { text, label = 'Copy' } = props
  const said = useSignal('')
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(typeof text === 'string' ? text : text())
      said.value = 'Copied'
    } catch {
      said.value = 'Not copied: the browser refused'
    }
    setTimeout(() => {
      said.value = ''
    }, 2000)
  }
  return (
    <button type="button" class="plain copy" onClick={copy}>
      <span aria-live="polite">{said.value || label}</span>
    </button>
  )
}

/** Tabs with addresses of their own; `to` is a path below /studio. */
export function Tabs(props: {
  label: string
  tabs: readonly { id: string; label: string; to: string; count?: number }[]
  current: string
}) {
  return (
    <nav class="tabs" aria-label={props.label}>
      {props.tabs.map(({ id, label, to, count }) => (
        <Link key={id} to={to} aria-current={id === props.current ? 'page' : undefined}>
          {label}
          {count !== undefined && <span class="count">{count.toLocaleString('en')}</span>}
        </Link>
      ))}
    </nav>
  )
}

/** One of a few, where it stands: a row of buttons of which one is pressed. */
export function Choice<Value extends string>(props: {
  label: string
  options: readonly { value: Value; label: string }[]
  value: Value
  onChoose: (value: Value) => void
}) {
  return (
    <fieldset class="choice">
      <legend class="aloud">{props.label}</legend>
      {props.options.map(({ value, label }) => (
        <button
          key={value}
          type="button"
          aria-pressed={value === props.value}
          onClick={() => props.onChoose(value)}
        >
          {label}
        </button>
      ))}
    </fieldset>
  )
}

/** A label above one control, with a hint below it, and what is wrong with it. `children` gets the ids. */
export function Labelled(props: {
  label: string
  hint?: string | undefined
  problem?: string | null | undefined
  children: (ids: {
    id: string
    'aria-describedby': string | undefined
    'aria-invalid': boolean
  }) => ComponentChildren
}) {
  const { label, hint, problem, children } = props
  const id = useId()
  const described = hint || problem ? `${id}-hint` : undefined
  return (
    <div class="labelled">
      <label for={id}>{label}</label>
      {children({ id, 'aria-describedby': described, 'aria-invalid': !!problem })}
      {described !== undefined && (
        <p id={described} class={problem ? 'wrong' : 'quiet'}>
          {problem || hint}
        </p>
      )}
    </div>
  )
}

/** A text of somebody's: what a reader would not see of it stands out by its name. Never markup. */
export function Words({ text }: { text: string }) {
  return (
    <bdi>
      {pieces(text).map((piece) => (piece.isUnseen ? <span class="unseen">{piece.text}</span> : piece.text))}
    </bdi>
  )
}
