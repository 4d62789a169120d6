import type { ReadonlySignal, Signal } from '@preact/signals'
import { useComputed } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { Code, Json } from '../shell/parts/json.tsx'
import { Badge, Busy, Choice, CopyButton, Empty, Problem, Words } from '../shell/parts/small.tsx'
import { duration, fullTime } from '../shell/parts/time.tsx'
import { Link, pathOf } from '../shell/router.tsx'
import { sentenceCase } from '../shell/sentence-case.ts'
import { session } from '../shell/session.ts'
import type { Called, Form } from './calls.ts'
import { copiesOf } from './copies.ts'
import type { Action } from './fields.ts'
import { type Explanation, isHeld, outcomeOf, type SentRequest } from './outcome.ts'

const tabs = ['answer', 'model', 'requests', 'trace', 'code', 'contract'] as const
export type Tab = (typeof tabs)[number]

const labels: Record<Tab, string> = {
  answer: 'Answer',
  model: 'For a model',
  requests: 'Requests',
  trace: 'Trace',
  code: 'Code',
  contract: 'Contract',
}

type Given = { action: Action; form: Form; tab: Signal<Tab>; input: ReadonlySignal<Record<string, unknown>> }

/** What stands beside the form: what came of the call, the code that makes it, and the contract. */
export function Beside({ action, form, tab, input }: Given) {
  const { called, running } = form
  return (
    <section class="action-side stack" aria-label="Answer, code and contract">
      <Outcome action={action} called={called.value} isRunning={running.value !== null} />
      <Choice
        label="What to show"
        options={tabs.map((value) => ({ value, label: labels[value] }))}
        value={tab.value}
        onChoose={(value) => {
          tab.value = value
        }}
      />
      <Shown action={action} called={called.value} tab={tab.value} input={input.value} />
    </section>
  )
}

function Outcome({
  action,
  called,
  isRunning,
}: {
  action: Action
  called: Called | null
  isRunning: boolean
}) {
  const told = called?.explanation ? outcomeOf(called.explanation, action) : null
  const approval =
    called?.explanation && isHeld(called.explanation) ? called.explanation.failure?.approval?.id : undefined
  const error = called?.explanation?.envelope['error']
  const place = useRef<HTMLDivElement>(null)
  const first = useRef(called)
  useEffect(() => {
    if (called !== first.current) place.current?.scrollIntoView({ block: 'nearest' }) // on narrow pages it is below the form
  }, [called])
  return (
    <div ref={place} class="outcome" role="status">
      {isRunning && <Busy says="Running…" />}
      {!isRunning && called !== null && told === null && <Problem>{called.problem}</Problem>}
      {!isRunning && called !== null && told !== null && (
        <>
          <p class="row">
            <Badge tone={told.tone}>{sentenceCase(called.explanation?.outcome ?? '')}</Badge>
            <strong>{told.says}</strong>
            <span class="quiet small">
              {called.status} in {duration(called.ms)}
            </span>
          </p>
          {typeof error === 'string' && (
            <p class="failure">
              <Words text={error} />
            </p>
          )}
          {approval !== undefined && (
            <p>
              <Link to={pathOf('sends', ['approvals', approval])}>See it in Sends</Link>
            </p>
          )}
          {called.idempotencyKey !== null && (
            <p class="quiet small row">
              Idempotency-Key <code>{called.idempotencyKey}</code>
              <CopyButton text={called.idempotencyKey} />
            </p>
          )}
        </>
      )}
    </div>
  )
}

function Shown({
  action,
  called,
  tab,
  input,
}: {
  action: Action
  called: Called | null
  tab: Tab
  input: Record<string, unknown>
}) {
  if (tab === 'code') return <Copies action={action} input={input} />
  if (tab === 'contract') return <Contract action={action} />
  if (!called?.explanation) return <Empty says="Run it, or make a dry run: what came of it shows here." />
  const { explanation } = called
  const { envelope, compact, tokens } = explanation
  if (tab === 'requests') return <Requests explanation={explanation} />
  if (tab === 'trace') return <Trace explanation={explanation} />
  if (tab === 'model')
    return (
      <div class="stack">
        <Tokens count={tokens.compact} text={compact} />
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and only the focus scrolls with keys */}
        <pre class="compact" tabIndex={0}>
          <Words text={compact} />
        </pre>
      </div>
    )
  return (
    <div class="stack">
      <Tokens count={tokens.envelope} text={JSON.stringify(envelope, null, 2)} />
      <Json value={envelope} depth={3} />
    </div>
  )
}

/** How many tokens a text is for a model, and how that is known (docs/rest.md). */
function Tokens({ count, text }: { count: number; text: string }) {
  return (
    <p class="row quiet small">
      <span title="Estimated: a token is 4.2 letters, 2.2 digits, 2 other ASCII characters, or one of any other.">
        About {count.toLocaleString('en')} tokens, estimated from letters, digits and signs
      </span>
      <span class="push">
        <CopyButton text={text} />
      </span>
    </p>
  )
}

function Requests({ explanation: { requests, requests_left_out, dry_run } }: { explanation: Explanation }) {
  if (requests.length === 0) return <Empty says="Nothing was sent to Intercom for this call." />
  return (
    <ol class="requests">
      {requests.map((one, at) => (
        <Request key={at} request={one} />
      ))}
      {requests_left_out > 0 && <li class="quiet">{requests_left_out} more are left out.</li>}
      {dry_run && !requests.some(({ planned }) => planned) && (
        <li class="quiet">The dry run would send no write.</li>
      )}
    </ol>
  )
}

function Request({ request }: { request: SentRequest }) {
  const { method, path, body, body_left_out, status, planned, transmitted, ms } = request
  const state = planned
    ? 'Would be sent'
    : !transmitted
      ? 'Not sent'
      : status === null
        ? 'No answer'
        : String(status)
  const tone = planned || !transmitted || status === null ? 'warn' : status < 400 ? 'ok' : 'bad'
  return (
    <li class="stack">
      <p class="row">
        <code>{method}</code>
        <code class="path">
          <Words text={path} />
        </code>
        <Badge tone={tone}>{state}</Badge>
        {!planned && <span class="quiet small">{duration(ms)}</span>}
      </p>
      {body !== null && <Json value={body} />}
      {body_left_out !== undefined && (
        <p class="quiet small">A body of {body_left_out.toLocaleString('en')} characters.</p>
      )}
    </li>
  )
}

function Trace({ explanation: { trace, failure, replayed, approval } }: { explanation: Explanation }) {
  const limit = trace?.rate_limit
  const rows: [string, string | null][] = [
    ['Attempts', trace === null ? '0: Intercom was not called' : String(trace.attempts)],
    ['Waits', trace?.waits.map(({ ms, reason }) => `${duration(ms)} for ${reason}`).join(', ') || 'none'],
    [
      'Rate limit',
      limit ? `${limit.remaining} of ${limit.limit} left until ${fullTime(limit.reset * 1000)}` : null,
    ],
    ['Request id', trace?.request_id ?? null],
    ['Verified by', trace?.verified_by === 'read_back' ? 'reading back: its answer was lost' : null],
    ['Replayed', replayed ? 'yes: nothing was sent' : null],
    ['Approval', approval?.id ?? null],
  ]
  return (
    <div class="stack">
      <dl class="trace">
        {rows.map(
          ([name, value]) =>
            value !== null && (
              <div key={name}>
                <dt class="quiet">{name}</dt>
                <dd>{value}</dd>
              </div>
            ),
        )}
      </dl>
      {failure !== null && (
        <>
          <h3>Failure</h3>
          <Json value={failure} />
        </>
      )}
    </div>
  )
}

function Copies({ action, input }: { action: Action; input: Record<string, unknown> }) {
  const copies = copiesOf({ action, input, origin: location.origin })
  return (
    <div class="stack">
      <Code label="TypeScript" text={copies.typescript} />
      <Code label="curl" text={copies.curl} />
      <Code label="Shell" text={copies.shell} />
      <Code label="MCP" text={copies.mcp} />
      <p class="quiet small">
        {session.value?.local
          ? 'Tokens and keys come from the environment; those of the local Intercom are its own.'
          : 'Tokens and keys come from the environment.'}
      </p>
    </div>
  )
}

function Contract({ action }: { action: Action }) {
  const text = useComputed(() => JSON.stringify(action, null, 2))
  return (
    <div class="stack">
      <h3>Parameters</h3>
      <Json value={action.input_schema} depth={3} />
      <h3>Output</h3>
      <Json value={action.output_schema} depth={2} />
      <p>
        <CopyButton label="Copy the contract" text={() => text.value} />
      </p>
    </div>
  )
}
