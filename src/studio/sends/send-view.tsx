import type { ComponentChildren } from 'preact'
import { useEffect } from 'preact/hooks'
import { Json } from '../shell/parts/json.tsx'
import { Badge, Busy, CopyButton, Problem, Words } from '../shell/parts/small.tsx'
import { Time } from '../shell/parts/time.tsx'
import { useRead } from '../shell/read.ts'
import { Link, pathOf } from '../shell/router.tsx'
import { session } from '../shell/session.ts'
import { ApprovalCard } from './approval.tsx'
import { LookAgain } from './look-again.tsx'
import { Story } from './story.tsx'
import { type Send, stateWords } from './words.ts'

/** One write: what it came to, what to do about it, and its story. `change` grows whenever it may have changed. */
export function SendView({ id, change }: { id: string; change: number }) {
  const { body, problem, again } = useRead<Send>(`/sends/${encodeURIComponent(id)}`)
  useEffect(() => {
    if (change > 0) again()
  }, [change])
  const send = body.value
  if (send === null)
    return problem.value === null ? <Busy /> : <Problem onRetry={again}>{problem.value}</Problem>
  const { title, action, state, next, error, steps, answer, approval_id, persisted } = send
  const { says, tone, means } = stateWords[state]
  return (
    <article class="send" aria-label={title}>
      <header class="stack">
        <p class="row">
          <Badge tone={tone}>{says}</Badge>
          <span class="quiet">{means}</span>
        </p>
        <h2>{title}</h2>
        {next !== null && state !== 'held' && (
          <p class="send-next" data-tone={tone}>
            <Words text={next} />
          </p>
        )}
        {error !== null && (
          <p class={state === 'refused' ? 'quiet' : 'wrong'}>
            <Words text={error} />
          </p>
        )}
      </header>
      {state === 'unknown' && persisted && <LookAgain key={id} id={id} action={action} onLooked={again} />}
      {approval_id !== null && <ApprovalCard id={approval_id} change={change} waits={state === 'held'} />}
      <section class="stack">
        <h3>Step by step</h3>
        <Story steps={steps} />
      </section>
      <Facts send={send} />
      {answer !== null && (
        <section class="stack">
          <h3>{state === 'unknown' || state === 'refused' ? 'What was answered' : 'The recorded answer'}</h3>
          <div class="panel">
            <Json value={answer.output} />
          </div>
        </section>
      )}
    </article>
  )
}

function Facts({ send }: { send: Send }) {
  const { action, caller, begun_at, idempotency_key, persisted, conversation_id, state } = send
  return (
    <dl class="send-facts">
      <Fact name="Action">
        <Link to={pathOf('actions', [action])}>{action}</Link>
      </Fact>
      <Fact name="Caller">
        <Words text={caller} />
      </Fact>
      {begun_at !== null && (
        <Fact name="Begun">
          <Time at={begun_at} />
        </Fact>
      )}
      {idempotency_key !== null && (
        <Fact name="Key">
          <span class="id">
            <Words text={idempotency_key} />
          </span>
          <CopyButton text={idempotency_key} />
        </Fact>
      )}
      {conversation_id !== null && (
        <Fact name="Conversation">
          {session.value?.local ? (
            <Link to={pathOf('desk', [conversation_id])}>{conversation_id}</Link>
          ) : (
            <span class="id">{conversation_id}</span>
          )}
        </Fact>
      )}
      {!persisted && state !== 'running' && (
        <Fact name="Kept">
          In this server’s memory only: it had no Idempotency-Key, or failed without effect, so that the key
          may be used again.
        </Fact>
      )}
    </dl>
  )
}

function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}
