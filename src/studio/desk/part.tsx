import type { ComponentChildren } from 'preact'
import { CustomerHtml, OutsideLink } from '../shell/parts/customer-html.tsx'
import { Badge, Words } from '../shell/parts/small.tsx'
import { Time } from '../shell/parts/time.tsx'
import { plainName } from '../shell/plain-name.ts'
import type { Attachment, Part, Source } from './intercom.ts'
import { adminName, teamName } from './names.ts'
import { contactName } from './people.ts'

type By = Part['author']

const roles: Readonly<Record<string, string>> = { admin: 'teammate', bot: 'bot', team: 'team' }

/** The message that began a conversation. */
export function SourcePart({ source, at }: { source: Source; at: number }) {
  return (
    <Said by={source.author} at={at} isNote={false}>
      {source.subject !== '' && (
        <p class="part-subject">
          <Words text={source.subject} />
        </p>
      )}
      <Body html={source.body} isRedacted={source.redacted} />
      <Attachments files={source.attachments} />
    </Said>
  )
}

/** One part of a thread: what was said, and what was done with it. */
export function ThreadPart({ part, rating }: { part: Part; rating: ComponentChildren }) {
  const { part_type, body, author, created_at, attachments, redacted } = part
  const deed = deedOf(part)
  return (
    <>
      {body !== null && (
        <Said by={author} at={created_at} isNote={part_type === 'note'}>
          <Body html={body} isRedacted={redacted} />
          <Attachments files={attachments} />
        </Said>
      )}
      {(deed !== null || body === null) && (
        <li class="deed">
          <bdi>{nameOf(author)}</bdi> {deed ?? part_type.replaceAll('_', ' ')} ·{' '}
          <Time at={created_at * 1000} by="workspace" />
          {part_type === 'conversation_rating_changed' && rating !== null && <> · {rating}</>}
        </li>
      )}
    </>
  )
}

function Said(props: { by: By; at: number; isNote: boolean; children: ComponentChildren }) {
  const { by, at, isNote, children } = props
  const side = isNote ? 'note' : (roles[by.type] ?? 'customer')
  return (
    <li class="said-part" data-side={side}>
      <p class="said-by">
        <b>
          <bdi>{nameOf(by)}</bdi>
        </b>{' '}
        <span class="quiet">{roles[by.type] ?? 'customer'}</span> <Time at={at * 1000} by="workspace" />
        {isNote && <Badge tone="warn">Internal note</Badge>}
      </p>
      {children}
    </li>
  )
}

function Body({ html, isRedacted }: { html: string; isRedacted: boolean }) {
  return isRedacted ? <p class="redacted">This message was deleted.</p> : <CustomerHtml html={html} />
}

/** Files by name; a person may open them. */
export function Attachments({ files }: { files: readonly Attachment[] }) {
  if (files.length === 0) return null
  return (
    <ul class="attachments" aria-label="Attachments">
      {files.map(({ name, url, content_type, filesize }, index) => (
        <li key={index}>
          <OutsideLink url={url}>
            <Words text={name} />
          </OutsideLink>{' '}
          <span class="quiet">
            {content_type}
            {filesize > 0 && `, ${sizeOf(filesize)}`}
          </span>
        </li>
      ))}
    </ul>
  )
}

export function sizeOf(bytes: number): string {
  return bytes < 1000
    ? `${bytes} B`
    : bytes < 1_000_000
      ? `${Math.round(bytes / 1000)} kB`
      : `${(bytes / 1e6).toFixed(1)} MB`
}

function nameOf({ type, id, name }: By): string {
  if (type === 'admin' || type === 'bot') return plainName(name) ?? adminName(id)
  return plainName(name) ?? contactName(id)
}

/** What a part did besides what it says; `null` where it only says something. */
function deedOf({ part_type, body, assigned_to }: Part): string | null {
  switch (part_type) {
    case 'comment':
    case 'note':
      return body === null ? 'wrote nothing' : null
    case 'quick_reply':
      return body === null ? 'offered answers to choose from' : 'chose an answer'
    case 'close':
      return 'closed the conversation'
    case 'open':
      return 'opened the conversation again'
    case 'snoozed':
      return 'snoozed the conversation'
    case 'timer_unsnooze':
      return 'ended the snooze: its time was over'
    case 'assignment':
      return `assigned it to ${assignee(assigned_to)}`
    case 'assign_and_reopen':
      return `opened it again and assigned it to ${assignee(assigned_to)}`
    case 'default_assignment':
    case 'away_mode_assignment':
      return `assigned it to ${assignee(assigned_to)} by a rule`
    case 'conversation_tags_updated':
      return 'changed its tags'
    case 'conversation_attribute_updated_by_admin':
      return 'changed an attribute'
    case 'conversation_rating_changed':
      return 'rated the conversation'
    case 'company_updated':
      return 'set its company'
    case 'participant_added':
      return 'added somebody to the conversation'
    case 'participant_removed':
      return 'removed somebody from the conversation'
    case 'ticket_state_updated_by_admin':
      return 'changed the state of the ticket'
    case 'ticket_attribute_updated_by_admin':
      return 'changed the ticket'
    default:
      return null
  }
}

function assignee(to: Part['assigned_to']): string {
  if (to === null || to.id === null || to.type === 'nobody_admin') return 'nobody'
  return to.type === 'team' ? teamName(to.id) : adminName(to.id)
}
