import { signal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { textOf } from '../shell/parts/customer-html.tsx'
import { Choice, Problem } from '../shell/parts/small.tsx'
import { say } from '../shell/said.tsx'
import { act, acting } from './acting.ts'
import { ActingAs } from './acting-as.tsx'
import type { Opened } from './conversation.ts'
import { isUnknown, useDoing } from './doing.ts'
import { asHtml, type Conversation } from './intercom.ts'

export type Mode = 'comment' | 'note'

/** What is typed and not sent yet, of each conversation; gone with the page, since it may be a customer's matter. */
const drafts = signal<ReadonlyMap<string, string>>(new Map())
/** Whether an answer or a note is written. */
export const mode = signal<Mode>('comment')

/** Answers the customer, or notes something for the team. */
export function Composer({ opened }: { opened: Opened }) {
  const { id } = opened
  const doing = useDoing()
  const field = useRef<HTMLTextAreaElement>(null)
  const key = `${id} ${mode.value}`
  const text = drafts.value.get(key) ?? ''
  const isNote = mode.value === 'note'
  useEffect(doing.clear, [key])

  async function send(andClose: boolean): Promise<void> {
    const typed = text
    if (typed.trim() === '') return field.current?.focus()
    const what = isNote ? 'The note' : 'The reply'
    const isSent = await doing.run(what, () => once(opened, mode.peek(), typed))
    if (!isSent) return
    // What was typed meanwhile stays.
    if ((drafts.value.get(key) ?? '') === typed) setDraft(key, '')
    opened.poke()
    say(isNote ? 'Noted.' : 'Sent.')
    if (andClose) await doing.run('Closing it', () => act.close(id))
    field.current?.focus()
  }

  return (
    <form
      class="desk-composer"
      data-mode={mode.value}
      onSubmit={(event) => {
        event.preventDefault()
        void send(false)
      }}
    >
      <div class="composer-head">
        <Choice
          label="Answer or note"
          options={[
            { value: 'comment', label: 'Reply' },
            { value: 'note', label: 'Note' },
          ]}
          value={mode.value}
          onChoose={(value) => {
            mode.value = value
            field.current?.focus()
          }}
        />
        <span class="quiet">{isNote ? 'Only the team reads it.' : 'The customer gets it.'}</span>
        <ActingAs />
      </div>
      <textarea
        ref={field}
        data-composer
        aria-label={isNote ? 'Note for the team' : 'Reply to the customer'}
        rows={3}
        value={text}
        onInput={(event) => setDraft(key, event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || (!event.ctrlKey && !event.metaKey)) return
          event.preventDefault()
          void send(false)
        }}
      />
      {doing.problem !== null && <Problem>{doing.problem}</Problem>}
      <div class="composer-foot">
        <button type="submit" class="primary" aria-disabled={doing.isBusy}>
          {isNote ? 'Add note' : 'Send reply'}
        </button>
        {!isNote && (
          <button type="button" aria-disabled={doing.isBusy} onClick={() => void send(true)}>
            Send and close
          </button>
        )}
        <span class="quiet">
          <kbd>Ctrl</kbd> <kbd>Enter</kbd>
        </span>
      </div>
    </form>
  )
}

/** Says it, and looks for it in the thread where the answer got lost: what is there is not said again. */
async function once(opened: Opened, kind: Mode, text: string): Promise<void> {
  const before = lastOf(opened.conversation.peek())
  const body = asHtml(text)
  try {
    opened.conversation.value = await act.say(opened.id, kind, body)
  } catch (error) {
    if (!isUnknown(error)) throw error
    const now = await opened.read().catch(() => null)
    const meant = textOf(body)
    const isThere = now?.conversation_parts.conversation_parts.some(
      ({ id, author, part_type, body: html }) =>
        Number(id) > before &&
        author.id === acting.value?.id &&
        (part_type === 'note') === (kind === 'note') &&
        html !== null &&
        textOf(html) === meant,
    )
    if (isThere !== true) throw error
  }
}

function lastOf(conversation: Conversation | null | undefined): number {
  return Number(conversation?.conversation_parts.conversation_parts.at(-1)?.id ?? 0)
}

function setDraft(key: string, text: string): void {
  const now = new Map(drafts.value)
  if (text === '') now.delete(key)
  else now.set(key, text)
  drafts.value = now
}
