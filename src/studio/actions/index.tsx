import { useComputed, useSignal } from '@preact/signals'
import { useEffect, useMemo, useRef } from 'preact/hooks'
import { Busy, Empty, Problem } from '../shell/parts/small.tsx'
import { Split } from '../shell/parts/split.tsx'
import { go, pathOf, route } from '../shell/router.tsx'
import { Beside, type Tab } from './answer.tsx'
import { formOf } from './calls.ts'
import { catalogue, problem, readCatalogue } from './catalogue.ts'
import { type Action, fieldsOf } from './fields.ts'
import { ActionForm } from './form.tsx'
import { ActionList, EffectBadge } from './list.tsx'
import { filled, valuesOf } from './values.ts'

export function View() {
  const [name] = route.value.parts
  useEffect(() => void readCatalogue(), [])
  if (problem.value !== null) return <Problem onRetry={() => void readCatalogue()}>{problem.value}</Problem>
  if (catalogue.value === null) return <Busy />
  const { actions } = catalogue.value
  const action = actions.find((one) => one.name === name)
  return (
    <Split
      list={<ActionList actions={actions} current={name} />}
      isOpen={name !== undefined}
      back={{ to: pathOf('actions'), label: 'Actions' }}
      labels={{ list: 'All actions', detail: 'Action' }}
    >
      {action !== undefined ? (
        <ActionPage key={action.name} action={action} />
      ) : (
        <Empty
          says={
            name === undefined
              ? 'Choose an action. Its form is made from its schema: fill it in, make a dry run to see what would be sent, and run it.'
              : 'This key has no such action: its toolset may not be chosen, or the policy excludes it.'
          }
        />
      )}
    </Split>
  )
}

/** Characters of an input in an address; a longer one is not part of the link. */
const longestInput = 4000
const pauseMs = 300

function ActionPage({ action }: { action: Action }) {
  const { name } = action
  const form = formOf(name)
  const fields = useMemo(() => fieldsOf(action), [action])
  const tab = useSignal<Tab>(form.called.peek() === null ? 'contract' : 'answer')
  const written = useRef<string | undefined>(undefined)
  const linked = route.value.query['input']

  // An address that somebody has opened, or come back to, fills the form; the form's own writing does not.
  const trouble = useMemo(() => {
    if (linked === undefined || linked === written.current) return null
    written.current = linked
    const given = objectIn(linked)
    if (given === null) return 'The input in this address is not a JSON object, so it was left out.'
    const { values, unknown } = valuesOf(fields, given)
    form.values.value = values
    if (unknown.length === 0) return null
    return `The address has parameters that the action does not take: ${unknown.join(', ')}. They were left out.`
  }, [linked])
  const input = useComputed(() => filled(fields, form.values.value).input)

  useEffect(() => {
    const timer = setTimeout(() => {
      const json = JSON.stringify(input.value)
      const next = json === '{}' || json.length > longestInput ? undefined : json
      if (next === route.peek().query['input']) return
      written.current = next
      go(pathOf('actions', [name], { input: next }), { replace: true })
    }, pauseMs)
    return () => clearTimeout(timer)
  }, [input.value])

  return (
    <article class="action">
      <header class="stack">
        <div class="row">
          <h2>{action.title}</h2>
          <EffectBadge {...action} />
          <code class="quiet">{name}</code>
        </div>
        <p class="quiet">{action.description}</p>
        {trouble !== null && <Problem>{trouble}</Problem>}
      </header>
      <div class="action-body">
        <ActionForm
          action={action}
          form={form}
          fields={fields}
          onCalled={() => {
            if (tab.value === 'contract' || tab.value === 'code') tab.value = 'answer'
          }}
        />
        <Beside action={action} form={form} tab={tab} input={input} />
      </div>
    </article>
  )
}

function objectIn(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null
  } catch {
    return null
  }
}
