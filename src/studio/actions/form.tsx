import { useEffect, useRef } from 'preact/hooks'
import { useKeys } from '../shell/keys.tsx'
import { CopyButton } from '../shell/parts/small.tsx'
import { say } from '../shell/said.tsx'
import { session } from '../shell/session.ts'
import { call, type Form, forgetOpen, keyKeptFor, type Open } from './calls.ts'
import { FieldRow } from './field.tsx'
import type { Action, Field } from './fields.ts'
import { filled } from './values.ts'

type Given = { action: Action; form: Form; fields: readonly Field[]; onCalled: () => void }

const isMac = /Mac|iPhone|iPad/.test(navigator.userAgent)
const mod = isMac ? '⌘' : 'Ctrl'

/** The form of an action. What is left blank is not sent. */
export function ActionForm({ action, form, fields, onCalled }: Given) {
  const place = useRef<HTMLFormElement>(null)
  const { values, running, called, open } = form
  const { input, problems } = filled(fields, values.value)
  const wrong = Object.keys(problems)
  const last = called.value
  const kept = keyKeptFor(form, input)
  const ofServer =
    last !== null && JSON.stringify(last.input) === JSON.stringify(input) ? last.explanation?.failure : null

  async function run(dryRun: boolean): Promise<void> {
    if (wrong.length > 0) {
      for (const name of wrong)
        controlOf(place.current, name)?.dispatchEvent(new FocusEvent('focusout', { bubbles: true }))
      controlOf(place.current, wrong[0])?.focus()
      return
    }
    onCalled()
    if (!(await call(action, input, dryRun)))
      say('Nothing was sent: a call is under way. Press again when its answer is there.')
  }

  const now = useRef(run)
  now.current = run
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || event.isComposing || event.repeat)
        return
      if (document.querySelector('dialog[open]') !== null) return
      event.preventDefault()
      void now.current(event.shiftKey)
    }
    document.addEventListener('keydown', pressed)
    return () => document.removeEventListener('keydown', pressed)
  }, [])
  const isRead = action.effect === 'read'
  useKeys(
    [
      { key: `${mod} Enter`, says: 'Run', run: () => void run(false) },
      { key: `${mod} Shift Enter`, says: 'Dry run', run: () => void run(true) },
    ],
    'Form',
  )
  const groups = [
    ['Required', fields.filter(({ required }) => required)],
    [
      fields.some(({ required }) => required) ? 'Optional' : 'Parameters',
      fields.filter(({ required }) => !required),
    ],
  ] as const
  return (
    <form
      ref={place}
      class="action-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        void run(false)
      }}
    >
      {groups.map(
        ([label, own]) =>
          own.length > 0 && (
            <fieldset key={label} class="stack">
              <legend>{label}</legend>
              {own.map((field) => (
                <FieldRow
                  key={field.name}
                  field={field}
                  value={values.value[field.name]}
                  problem={
                    problems[field.name] ??
                    (ofServer?.field === field.name ? 'Refused, as the answer says.' : undefined)
                  }
                  searches={values.value['query_field'] || defaultOf(fields, 'query_field')}
                  onInput={(value) => {
                    values.value = { ...values.value, [field.name]: value }
                  }}
                />
              ))}
            </fieldset>
          ),
      )}
      {fields.length === 0 && <p class="quiet">It takes no parameters.</p>}
      {kept !== null && <OpenNote action={action} open={kept} />}
      {open.value.some((one) => one !== kept) && (
        <p class="quiet small">
          It is not known what became of an earlier call with another input. Its key stays with that input.
        </p>
      )}
      <footer class="row">
        <button type="submit" class="primary" aria-disabled={running.value !== null}>
          {running.value?.what === 'call' ? 'Running…' : labelOf(action, kept !== null)}
        </button>
        {!isRead && (
          <button type="button" aria-disabled={running.value !== null} onClick={() => void run(true)}>
            {running.value?.what === 'dry run' ? 'Looking…' : 'Dry run'}
          </button>
        )}
        <button
          type="button"
          class="plain"
          onClick={() => {
            values.value = {}
          }}
        >
          Clear
        </button>
        <span class="push">
          <CopyButton label="Copy link" text={() => location.href} />
        </span>
        <p class="quiet small">
          <kbd>{mod}</kbd> <kbd>Enter</kbd> runs it
          {!isRead && (
            <>
              , with <kbd>Shift</kbd> dry
              {action.effect === 'send' || action.destructive ? ': try that first' : ''}
            </>
          )}
          .
        </p>
      </footer>
    </form>
  )
}

function labelOf({ effect, may_be_held }: Action, isAgain: boolean): string {
  if (isAgain) return 'Run again'
  if (may_be_held && session.value?.policy?.sends === 'confirm') return 'Ask for approval'
  return effect === 'send' ? 'Run and send' : 'Run'
}

function OpenNote({ action, open }: { action: Action; open: Open }) {
  const { idempotencyKey } = open
  return (
    <div class="open-note" role="note">
      {idempotencyKey === null ? (
        <p>
          It is not known what became of this call, and this server keeps no journal. Look in Intercom before
          you run it again.
        </p>
      ) : (
        <p>
          It is not known yet what became of this call. “Run again” uses the same key,{' '}
          <code>{idempotencyKey}</code>: what was sent is looked for first, and nothing is sent twice.
        </p>
      )}
      <button type="button" class="plain" onClick={() => forgetOpen(action.name, open)}>
        {idempotencyKey === null ? 'I have looked' : 'Use a new key'}
      </button>
    </div>
  )
}

function controlOf(form: HTMLElement | null, name: string | undefined): HTMLElement | null {
  return form?.querySelector(`[data-name="${name}"] :is(input, textarea, select)`) ?? null
}

function defaultOf(fields: readonly Field[], name: string): string | undefined {
  const { schema } = fields.find((one) => one.name === name) ?? {}
  return typeof schema?.default === 'string' ? schema.default : undefined
}
