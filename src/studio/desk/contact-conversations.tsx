import { useEffect, useMemo } from 'preact/hooks'
import { Badge, Busy, Empty, Problem, Words } from '../shell/parts/small.tsx'
import { Time } from '../shell/parts/time.tsx'
import { Link, pathOf, route } from '../shell/router.tsx'
import { ContactCard } from './contact-card.tsx'
import { failed } from './kept.ts'
import { messengerOf } from './messenger-data.ts'

/** A contact's page: who they are, and all that they have with the team. */
export function ContactConversations({ id }: { id: string }) {
  const data = useMemo(() => messengerOf(id, { at: 'list' }), [id])
  useEffect(() => () => data.stop(), [data])
  const { value: list } = data.list
  const { value: problem } = data.problem
  const { query } = route.value
  return (
    <div class="contact-page">
      <ContactCard id={id} />
      <section>
        <h3>Conversations</h3>
        {problem !== null && <Problem>{failed(problem, list !== null)}</Problem>}
        {list === null ? (
          problem === null && data.refused.value === null && <Busy />
        ) : list.conversations.length === 0 ? (
          <Empty says="There is none yet. Write as the customer in the Messenger to start one." />
        ) : (
          <ul class="contact-conversations">
            {list.conversations.map(
              ({ conversation_id, ticket_id, message_id, ticket, last, created_at, closed }) => (
                <li key={`${conversation_id} ${ticket_id} ${message_id}`}>
                  {conversation_id === null ? (
                    <Words text={ticket?.title ?? last?.text ?? 'Without a title'} />
                  ) : (
                    <Link to={pathOf('desk', [conversation_id], query)}>
                      <Words text={last?.text ?? 'A deleted message'} />
                    </Link>
                  )}{' '}
                  <span class="quiet">
                    <Time at={(last?.at ?? created_at) * 1000} by="workspace" />
                  </span>{' '}
                  {closed && <Badge>Closed</Badge>}
                  {ticket_id !== null && <Badge>Ticket</Badge>}
                  {message_id !== null && conversation_id === null && <Badge>Not answered</Badge>}
                </li>
              ),
            )}
          </ul>
        )}
      </section>
    </div>
  )
}
