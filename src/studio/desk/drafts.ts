import { signal } from '@preact/signals'

/** What is typed and not sent yet, of each place; gone with the page, since it may be a customer's matter. */
const drafts = signal<ReadonlyMap<string, string>>(new Map())

export function draftOf(key: string): string {
  return drafts.value.get(key) ?? ''
}

export function setDraft(key: string, text: string): void {
  const now = new Map(drafts.peek())
  if (text === '') now.delete(key)
  else now.set(key, text)
  drafts.value = now
}

/** What was sent is no draft any more. What was typed meanwhile stays, or goes to where one writes on. */
export function takeDraft(key: string, sent: string, next = key): void {
  const now = drafts.peek().get(key) ?? ''
  if (now !== sent && key === next) return
  setDraft(key, '')
  if (now !== sent && now !== '') setDraft(next, now)
}
