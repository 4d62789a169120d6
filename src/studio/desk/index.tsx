import { useEffect } from 'preact/hooks'
import { Choice, Empty, Problem } from '../shell/parts/small.tsx'
import { Split } from '../shell/parts/split.tsx'
import { go, Link, pathOf, route, withQuery } from '../shell/router.tsx'
import { ContactCard } from './contact-card.tsx'
import { ContactConversations } from './contact-conversations.tsx'
import { ConversationView, useOpened } from './conversation-view.tsx'
import { InboxList } from './inbox-list.tsx'
import { Messenger } from './messenger.tsx'
import { followNames, namesProblem } from './names.ts'
import { followPeople } from './people.ts'

type Side = 'messenger' | 'contact'

/** The desk of the local Intercom: the inbox, a conversation, its customer, and the Messenger as the customer has it. */
export function View() {
  const { parts, query } = route.value
  const [first, second] = parts
  const contactId = first === 'contacts' ? (second ?? null) : null
  const conversationId = first !== undefined && first !== 'contacts' ? first : null
  useEffect(followNames, [])
  useEffect(followPeople, [])
  const opened = useOpened(conversationId)
  const customer = contactId ?? opened?.conversation.value?.contacts.contacts[0]?.id ?? null
  const side: Side = query['side'] === 'contact' ? 'contact' : 'messenger'
  const problem = namesProblem()
  return (
    <div class="desk">
      <Split
        isOpen={first !== undefined}
        back={{ to: pathOf('desk', [], query), label: 'Inbox' }}
        labels={{ list: 'Inbox', detail: 'Conversation', aside: 'Customer' }}
        list={<InboxList current={conversationId} />}
        aside={
          first === undefined || opened?.conversation.value === null ? undefined : (
            <div class="desk-side">
              <Choice
                label="Beside the conversation"
                options={[
                  { value: 'messenger', label: 'Messenger' },
                  { value: 'contact', label: 'Contact' },
                ]}
                value={side}
                onChoose={(value) =>
                  go(withQuery({ side: value === 'messenger' ? undefined : value }), { replace: true })
                }
              />
              {customer === null ? (
                opened?.conversation.value && <Empty says="No contact takes part in this conversation." />
              ) : side === 'contact' ? (
                <ContactCard key={customer} id={customer} />
              ) : (
                <Messenger
                  key={`${customer} ${conversationId}`}
                  contact={customer}
                  conversation={conversationId}
                />
              )}
            </div>
          )
        }
      >
        {problem !== null && <Problem>{problem}</Problem>}
        {contactId !== null ? (
          <ContactConversations key={contactId} id={contactId} />
        ) : opened === null ? (
          <Empty says="Choose a conversation: what a customer wrote, what the team answered, and beside it what reached the customer.">
            <Link to={pathOf('desk', [], { state: 'all' })}>Show all conversations</Link>
          </Empty>
        ) : (
          <ConversationView key={opened.id} opened={opened} />
        )}
      </Split>
    </div>
  )
}
