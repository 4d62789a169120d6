import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { Badge, Busy, Empty, Problem, Words } from '../shell/parts/small.tsx'
import { Time } from '../shell/parts/time.tsx'
import { pathOf } from '../shell/router.tsx'
import { sentenceCase } from '../shell/sentence-case.ts'
import { Composer } from './composer.tsx'
import { type Opened, opened } from './conversation.ts'
import { useDoing } from './doing.ts'
import { customerOf } from './inbox-list.tsx'
import type { Conversation, Part, Rating } from './intercom.ts'
import { failed } from './kept.ts'
import { adminName } from './names.ts'
import { SourcePart, ThreadPart } from './part.tsx'
import { useStuckToEnd } from './stuck-to-end.ts'
import { Toolbar } from './toolbar.tsx'

/** Parts that are drawn at once; older ones on request. */
const drawnFirst = 100

/** Keeps a conversation for as long as it is shown. */
export function useOpened(id: string | null): Opened | null {
  const conversation = useMemo(() => (id === null ? null : opened(id)), [id])
  useEffect(() => () => conversation?.stop(), [conversation])
  return conversation
}

/** A conversation with its whole thread, and what a teammate does there. Another one gets a view of its own. */
export function ConversationView({ opened }: { opened: Opened }) {
  const { value: conversation } = opened.conversation
  const { value: problem } = opened.problem
  const { id } = opened
  const doing = useDoing({ key: id, name: `Conversation ${id}`, to: pathOf('desk', [id]) })
  if (conversation === null) return <Empty says={`There is no conversation ${opened.id}, or no longer.`} />
  return (
    <article class="desk-conversation" aria-label={`Conversation ${opened.id}`}>
      {problem !== null && <Problem>{failed(problem, conversation !== undefined)}</Problem>}
      {conversation === undefined ? (
        problem === null && <Busy says="Reading the conversation…" />
      ) : (
        <>
          <Head conversation={conversation} />
          <Toolbar opened={opened} conversation={conversation} doing={doing} />
          <ThreadLog conversation={conversation} />
          <Composer opened={opened} doing={doing} />
        </>
      )}
    </article>
  )
}

function Head({ conversation }: { conversation: Conversation }) {
  const { id, title, source, state, snoozed_until, waiting_since, tags, ticket, priority } = conversation
  const subject = title || source?.subject || ''
  return (
    <header class="conversation-head">
      <h2>
        <Words text={subject === '' ? customerOf(conversation) : subject} />
      </h2>
      <p class="quiet">
        {subject !== '' && <bdi>{customerOf(conversation)} · </bdi>}
        {id} · <Badge tone={state === 'open' ? 'ok' : 'quiet'}>{sentenceCase(state)}</Badge>{' '}
        {state === 'snoozed' && snoozed_until !== null && (
          <>
            until <Time at={snoozed_until * 1000} by="workspace" />{' '}
          </>
        )}
        {state === 'open' && waiting_since !== null && (
          <Badge tone="warn">
            Waiting <Time at={waiting_since * 1000} by="workspace" />
          </Badge>
        )}{' '}
        {priority === 'priority' && <Badge tone="bad">Priority</Badge>}{' '}
        {ticket !== null && (
          <Badge>
            {ticket.ticket_type}: {ticket.ticket_custom_state_admin_label}
          </Badge>
        )}{' '}
        {tags.tags.map((tag) => (
          <Badge key={tag.id}>{tag.name}</Badge>
        ))}
      </p>
    </header>
  )
}

function ThreadLog({ conversation }: { conversation: Conversation }) {
  const { source, created_at, conversation_parts, conversation_rating } = conversation
  const { conversation_parts: parts, total_count } = conversation_parts
  const [isWhole, setWhole] = useState(false)
  const box = useRef<HTMLDivElement>(null)
  useStuckToEnd(box, parts.at(-1)?.id)
  const drawn = isWhole ? parts : parts.slice(-drawnFirst)
  const older = parts.length - drawn.length
  const rating = conversation_rating === null ? null : <RatingLine rating={conversation_rating} />
  const isRated = parts.some((part: Part) => part.part_type === 'conversation_rating_changed')
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
    <div class="desk-thread" ref={box} role="log" aria-label="Thread" tabIndex={0}>
      <ol>
        {source !== null && older === 0 && <SourcePart source={source} at={created_at} />}
        {total_count > parts.length && (
          <li class="deed">
            Intercom gives the newest {parts.length} parts of {total_count}.
          </li>
        )}
        {older > 0 && (
          <li class="deed">
            <button type="button" class="plain" onClick={() => setWhole(true)}>
              Show {older} earlier parts
            </button>
          </li>
        )}
        {drawn.map((part) => (
          <ThreadPart key={part.id} part={part} rating={rating} />
        ))}
        {!isRated && rating !== null && <li class="deed">The customer rated the conversation {rating}</li>}
      </ol>
    </div>
  )
}

function RatingLine({ rating }: { rating: Rating }) {
  return (
    <span class="rating">
      {rating.rating === null ? 'without a score' : `${rating.rating} of 5`}
      {rating.teammate !== null && ` for ${adminName(rating.teammate.id)}`}
      {rating.remark !== '' && (
        <q>
          <Words text={rating.remark} />
        </q>
      )}
    </span>
  )
}
