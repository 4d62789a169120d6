import { signal } from '@preact/signals'
import { Refused } from '../shell/server.ts'
import { conversationOf, onChange } from './changes.ts'
import { type Conversation, intercom } from './intercom.ts'
import { kept } from './kept.ts'

const gap = 50

export type Opened = ReturnType<typeof opened>

/** A conversation with its thread, kept up to date. */
export function opened(id: string) {
  /** `undefined` until it is read, `null` where there is none. */
  const conversation = signal<Conversation | null | undefined>(undefined)
  const reading = kept(async (stopping) => {
    try {
      const path = `/conversations/${encodeURIComponent(id)}`
      conversation.value = await intercom<Conversation>('GET', path, undefined, stopping)
    } catch (error) {
      if (!(error instanceof Refused) || error.status !== 404) throw error
      conversation.value = null
    }
  }, gap)
  const end = onChange((change) => {
    if (change === null || concerns(change)) reading.poke()
  })

  function concerns(change: Parameters<typeof conversationOf>[0]): boolean {
    const about = conversationOf(change)
    if (about !== null) return about === id
    const { value } = conversation
    // A part that was changed, and names that are read with the thread.
    if (change.entity === 'conversation_part')
      return value?.conversation_parts.conversation_parts.some((part) => part.id === change.entity_id) ?? true
    if (change.entity === 'contact')
      return value?.contacts.contacts.some((contact) => contact.id === change.entity_id) ?? false
    return change.entity === 'tag' || change.entity === 'admin'
  }

  reading.poke()
  return {
    id,
    conversation,
    problem: reading.problem,
    /** Reads it anew, such as after an answer that got lost. */
    async read(): Promise<Conversation> {
      const now = await intercom<Conversation>('GET', `/conversations/${encodeURIComponent(id)}`)
      conversation.value = now
      return now
    },
    poke: reading.poke,
    stop(): void {
      end()
      reading.stop()
    },
  }
}
