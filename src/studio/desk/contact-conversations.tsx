import { useEffect, useMemo } from 'preact/hooks'
import { Badge, Busy, Empty, Problem, Words } from '../shell/parts/small.tsx'
import { Time } from '../shell/parts/time.tsx'
import { Link, pathOf, route } from '../shell/router.tsx'
import { ContactCard } from './contact-card.tsx'
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
        {problem !== null && <Problem>What is shown may be out of date. {problem}</Problem>}
        {list === null ? (
          problem === null && data.refused.value === null && <Busy />
        ) : list.conversations.length === 0 ? (
          <Empty says="There is none yet. Write as the customer in the Messenger to start one." />
        ) : (
          <ul class="contact-conversations">
            {list.conversations.map(({ conversation_id, message_id, last, closed }) => (
              <li key={`${conversation_id} ${message_id}`}>
                {conversation_id === null ? (
                  <Words text={last.text ?? ''} />
                ) : (
                  <Link to={pathOf('desk', [conversation_id], query)}>
                    <Words text={last.text ?? 'A deleted message'} />
                  </Link>
                )}{' '}
                <span class="quiet">
                  <Time at={last.at * 1000} by="workspace" />
                </span>{' '}
                {closed && <Badge>Closed</Badge>}
                {conversation_id === null && <Badge>Not answered</Badge>}
              </li>
            ))}
          </ul>
        )}
      </section>
    </div>
  )
}
