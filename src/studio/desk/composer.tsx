import { signal } from '@preact/signals'
import { useRef } from 'preact/hooks'
import { textOf } from '../shell/parts/customer-html.tsx'
import { Choice, Told } from '../shell/parts/small.tsx'
import { type Acts, acting, actsOf } from './acting.ts'
import { ActingAs } from './acting-as.tsx'
import type { Opened } from './conversation.ts'
import { type Doing, isUnknown, Skipped } from './doing.ts'
import { draftOf, setDraft, takeDraft } from './drafts.ts'
import { AttachButton, type Chosen, FilesToSend, filesOf, refuseFiles, takeFiles } from './files.tsx'
import { asHtml, type Conversation } from './intercom.ts'

export type Mode = 'comment' | 'note'

/** Whether an answer or a note is written. */
export const mode = signal<Mode>('comment')

/** Answers the customer, or notes something for the team. */
export function Composer({ opened, doing }: { opened: Opened; doing: Doing }) {
  const { id } = opened
  const form = useRef<HTMLFormElement>(null)
  const field = useRef<HTMLTextAreaElement>(null)
  const kind = mode.value
  const draft = `${id} ${kind}`
  const text = draftOf(draft)
  const files = filesOf(draft)
  const isNote = kind === 'note'
  const acts = actsOf(acting.value?.id)
  const key = `${kind} ${text}${files.map(({ name }) => ` ${name}`).join('')}`
  const keyToClose = `close after ${text}`

  /** Sends what was on the screen when it was asked for, whatever is there when its turn comes. */
  async function send(andClose: boolean): Promise<void> {
    if (text.trim() === '') {
      if (files.length > 0) refuseFiles(draft, 'Intercom sends files with words only: write something.')
      return field.current?.focus()
    }
    const [what, done] = isNote ? ['The note', 'Noted.'] : ['The reply', 'Sent.']
    const sending = doing.run({ key, slot: kind, what, done }, () => once(opened, acts, kind, text, files))
    const closing =
      andClose &&
      doing.run({ key: keyToClose, slot: 'close', what: 'Closing it', done: 'Closed.' }, async () => {
        if (!(await sending))
          throw new Skipped('It was not closed, since the reply may not have got through.')
        await acts.close(id)
      })
    if (await sending) {
      takeDraft(draft, text)
      takeFiles(draft, files)
    }
    await closing
    opened.poke()
    // Whoever has gone on to something else keeps the focus there.
    if (form.current?.contains(document.activeElement)) field.current?.focus()
  }

  return (
    <form
      ref={form}
      class="desk-composer"
      data-mode={kind}
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
          value={kind}
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
        onInput={(event) => setDraft(draft, event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || (!event.ctrlKey && !event.metaKey)) return
          event.preventDefault()
          void send(false)
        }}
      />
      <FilesToSend draft={draft} />
      <Told of={doing.all} />
      <div class="composer-foot">
        <button type="submit" class="primary" aria-disabled={doing.isPending(key)}>
          {isNote ? 'Add note' : 'Send reply'}
        </button>
        {!isNote && (
          <button type="button" aria-disabled={doing.isPending(keyToClose)} onClick={() => void send(true)}>
            Send and close
          </button>
        )}
        <AttachButton draft={draft} />
        <span class="quiet">
          <kbd>Ctrl</kbd> <kbd>Enter</kbd>
        </span>
      </div>
    </form>
  )
}

/** Says it, and looks for it in the thread where the answer got lost: what is there is not said again. */
async function once(
  opened: Opened,
  acts: Acts,
  kind: Mode,
  text: string,
  files: readonly Chosen[],
): Promise<void> {
  const before = lastOf(opened.conversation.peek())
  const body = asHtml(text)
  try {
    opened.conversation.value = await acts.say(opened.id, kind, body, files)
  } catch (error) {
    if (!isUnknown(error)) throw error
    const now = await opened.read().catch(() => null)
    const meant = textOf(body)
    const isThere = now?.conversation_parts.conversation_parts.some(
      ({ id, author, part_type, body: html, attachments }) =>
        Number(id) > before &&
        author.id === acts.teammate &&
        (part_type === 'note') === (kind === 'note') &&
        attachments.length === files.length &&
        html !== null &&
        textOf(html) === meant,
    )
    if (isThere !== true) throw error
  }
}

function lastOf(conversation: Conversation | null | undefined): number {
  return Number(conversation?.conversation_parts.conversation_parts.at(-1)?.id ?? 0)
}
