import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { CustomerHtml } from '../shell/parts/customer-html.tsx'
import { Badge, Busy, Empty, Problem, Told, Words } from '../shell/parts/small.tsx'
import { Time } from '../shell/parts/time.tsx'
import { pathOf } from '../shell/router.tsx'
import { type Doing, useDoing } from './doing.ts'
import { draftOf, setDraft, takeDraft } from './drafts.ts'
import { failed } from './kept.ts'
import {
  type Message,
  markRead,
  messengerOf,
  type Place,
  type Shown,
  type Thread,
  write,
} from './messenger-data.ts'
import { Attachments } from './part.tsx'
import { calledBy } from './people.ts'
import { useStuckToEnd } from './stuck-to-end.ts'

/** The Messenger as a customer has it on their screen, to look at and to play. */
export function Messenger({ contact, conversation }: { contact: string; conversation: string | null }) {
  const first: Place = conversation === null ? { at: 'list' } : { at: 'conversation', id: conversation }
  const [place, setPlace] = useState<Place>(first)
  const key = JSON.stringify(place)
  const data = useMemo(() => messengerOf(contact, place), [contact, key])
  useEffect(() => () => data.stop(), [data])
  const { value: thread } = data.thread
  const { value: list } = data.list
  const customer = thread?.contact ?? list?.contact
  const { value: problem } = data.problem
  const { value: refused } = data.refused
  const draft = (of: Place) => `messenger ${contact} ${JSON.stringify(of)}`
  const doing = useDoing({
    key: draft(place),
    name: 'In the Messenger',
    to: conversation === null ? pathOf('desk', ['contacts', contact]) : pathOf('desk', [conversation]),
  })
  return (
    <div class="messenger" data-messenger>
      <header class="messenger-head">
        <h2>{customer === undefined ? 'Messenger' : <>What {<bdi>{calledBy(customer)}</bdi>} sees</>}</h2>
        {place.at !== 'list' && (
          <button type="button" class="plain" onClick={() => setPlace({ at: 'list' })}>
            ‹ Messages
          </button>
        )}
      </header>
      {problem !== null && <Problem>{failed(problem, customer !== undefined)}</Problem>}
      {refused !== null ? (
        <Empty says={refused} />
      ) : customer === undefined ? (
        problem === null && <Busy says="Opening the Messenger…" />
      ) : (
        <>
          {place.at === 'list' && list !== null && (
            <Conversations rows={list.conversations} onOpen={setPlace} />
          )}
          {place.at !== 'list' && place.at !== 'new' && thread !== null && (
            <Said key={key} thread={thread} doing={doing} />
          )}
          {place.at === 'new' && <p class="messenger-new quiet">Ask us anything.</p>}
          {place.at === 'list' ? (
            <footer class="messenger-write">
              <button type="button" class="primary" onClick={() => setPlace({ at: 'new' })}>
                Send us a message
              </button>
            </footer>
          ) : (
            <Write
              key={`${contact} ${key}`}
              draft={draft(place)}
              onWrite={async (text) => {
                const next = await write(customer, place, text)
                takeDraft(draft(place), text, draft(next))
                data.poke()
                setPlace((now) => (JSON.stringify(now) === key ? next : now))
              }}
              name={calledBy(customer)}
              doing={doing}
            />
          )}
        </>
      )}
    </div>
  )
}

function Conversations({ rows, onOpen }: { rows: readonly Shown[]; onOpen: (place: Place) => void }) {
  if (rows.length === 0) return <Empty says="This customer has no messages yet. Send one as the customer." />
  return (
    <ul class="messenger-list" aria-label="Conversations of the customer">
      {rows.map((row) => {
        const { last, subject, unread, channel, ticket, created_at } = row
        const place = placeOf(row)
        return (
          <li key={JSON.stringify(place)}>
            <button type="button" onClick={() => onOpen(place)}>
              <span class="messenger-last" dir="auto">
                {(subject ?? ticket?.title) && <b>{subject ?? ticket?.title}. </b>}
                {last === null ? ticket?.description : last.deleted ? 'This message was deleted' : last.text}
              </span>
              <span class="quiet">
                {last !== null && (
                  <>
                    <bdi>{last.from.is_you ? 'You' : whoOf(last)}</bdi> ·{' '}
                  </>
                )}
                <Time at={(last?.at ?? created_at) * 1000} by="workspace" />
                {unread === true && <Badge tone="warn">Unread</Badge>}
                {channel === 'email' && <Badge>By e-mail</Badge>}
                {ticket !== null && <Badge>{ticket.state}</Badge>}
              </span>
            </button>
          </li>
        )
      })}
    </ul>
  )
}

function placeOf({ conversation_id, ticket_id, message_id }: Shown): Place {
  if (conversation_id !== null) return { at: 'conversation', id: conversation_id }
  return ticket_id === null ? { at: 'message', id: message_id ?? '' } : { at: 'ticket', id: ticket_id }
}

function Said({ thread, doing }: { thread: Thread; doing: Doing }) {
  const { conversation, messages, has_more } = thread
  const log = useRef<HTMLDivElement>(null)
  useStuckToEnd(log, messages.at(-1)?.id)
  const { rating, ticket, channel, unread, subject, conversation_id } = conversation
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
    <div class="messenger-log" ref={log} role="log" aria-label="What the customer sees" tabIndex={0}>
      {has_more && <p class="quiet">Older messages are not shown.</p>}
      {(channel === 'email' || ticket !== null || subject !== null) && (
        <p class="quiet">
          {subject !== null && <Words text={subject} />} {channel === 'email' && <Badge>By e-mail</Badge>}{' '}
          {ticket !== null && (
            <Badge>
              {ticket.type}: {ticket.state}
            </Badge>
          )}
        </p>
      )}
      {ticket !== null && (ticket.title ?? ticket.description) !== null && (
        <div class="bubble-text">
          {ticket.title !== null && (
            <b>
              <Words text={ticket.title} />
            </b>
          )}
          {ticket.description !== null && <Words text={ticket.description} />}
        </div>
      )}
      <ol>
        {messages.map((message) => (
          <li key={message.id} class="bubble" data-from={message.from.is_you ? 'you' : message.from.type}>
            {!message.from.is_you && (
              <p class="quiet">
                <bdi>{whoOf(message)}</bdi>
              </p>
            )}
            <div class="bubble-text">
              {message.deleted || message.html === null ? (
                <p class="redacted">This message was deleted</p>
              ) : (
                <CustomerHtml html={message.html} />
              )}
              <Attachments files={message.attachments} />
            </div>
            <p class="quiet">
              <Time at={message.at * 1000} by="workspace" />
            </p>
          </li>
        ))}
      </ol>
      {rating !== null && (
        <p class="quiet">
          You rated this {rating.score} of 5{rating.remark !== '' && ': '}
          <Words text={rating.remark} />
        </p>
      )}
      {unread === true && conversation_id !== null && (
        <p class="quiet">
          Not read yet.{' '}
          <button
            type="button"
            class="plain"
            onClick={() =>
              void doing.run({ key: `read ${conversation_id}`, what: 'Marking it as read' }, () =>
                markRead(conversation_id),
              )
            }
          >
            Read it as the customer
          </button>
        </p>
      )}
    </div>
  )
}

function Write(props: {
  onWrite: (text: string) => Promise<void>
  name: string
  draft: string
  doing: Doing
}) {
  const { onWrite, name, draft, doing } = props
  const text = draftOf(draft)
  const key = `${draft} ${text}`
  const send = () => {
    if (text.trim() === '') return
    void doing.run({ key, slot: draft, what: 'The message' }, () => onWrite(text))
  }
  return (
    <form
      class="messenger-write"
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      <Told of={doing.all} />
      <textarea
        data-messenger-text
        aria-label={`Write as ${name}`}
        placeholder={`Write as ${name}`}
        rows={2}
        value={text}
        onInput={(event) => setDraft(draft, event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return
          event.preventDefault()
          send()
        }}
      />
      <button type="submit" aria-disabled={doing.isPending(key)}>
        Send as the customer
      </button>
    </form>
  )
}

function whoOf({ from }: Message): string {
  if (from.name !== null) return from.name
  return from.type === 'bot' ? 'Bot' : from.type === 'teammate' ? 'Support' : 'Another customer'
}
