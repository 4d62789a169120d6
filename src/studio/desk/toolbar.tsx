import { useState } from 'preact/hooks'
import { workspaceNow } from '../shell/clock.ts'
import { useKeys } from '../shell/keys.tsx'
import { fullTime } from '../shell/parts/time.tsx'
import { acting, actsOf } from './acting.ts'
import { mode } from './composer.tsx'
import type { Opened } from './conversation.ts'
import type { Doing } from './doing.ts'
import type { Conversation } from './intercom.ts'
import { adminName, names, teamName } from './names.ts'
import { type Option, Pick } from './pick.tsx'

type Picking = 'assign' | 'snooze' | 'tag' | null

/** What a teammate does with a conversation besides writing, by buttons and by keys. */
export function Toolbar(props: { opened: Opened; conversation: Conversation; doing: Doing }) {
  const { opened, conversation, doing } = props
  const { id } = opened
  const { state, admin_assignee_id, team_assignee_id } = conversation
  const [picking, setPicking] = useState<Picking>(null)
  const acts = actsOf(acting.value?.id)

  async function perform(key: string, what: string, done: string, work: () => Promise<unknown>) {
    if (await doing.run({ key, what, done }, work)) opened.poke()
  }
  const close = () => void perform('close', 'Closing it', 'Closed.', () => acts.close(id))
  const open = () => void perform('open', 'Opening it', 'Open again.', () => acts.open(id))
  const write = (kind: 'comment' | 'note') => {
    mode.value = kind
    document.querySelector<HTMLElement>('[data-composer]')?.focus()
  }
  useKeys(
    [
      { key: 'r', says: 'Reply', run: () => write('comment') },
      { key: 'n', says: 'Note', run: () => write('note') },
      state === 'closed'
        ? { key: 'e', says: 'Open again', run: open }
        : { key: 'e', says: 'Close', run: close },
      { key: 's', says: 'Snooze', run: () => setPicking('snooze') },
      { key: 'a', says: 'Assign', run: () => setPicking('assign') },
      { key: 't', says: 'Tag', run: () => setPicking('tag') },
    ],
    'Conversation',
  )

  const assigned = [
    admin_assignee_id === null ? null : adminName(admin_assignee_id),
    team_assignee_id === null ? null : teamName(team_assignee_id),
  ].filter((one) => one !== null)
  return (
    <div class="desk-toolbar">
      <button type="button" onClick={() => setPicking('assign')}>
        {assigned.length === 0 ? 'Assign' : assigned.join(', ')}
      </button>
      <button type="button" onClick={() => setPicking('tag')}>
        Tag
      </button>
      <button type="button" onClick={() => setPicking('snooze')}>
        Snooze
      </button>
      {state === 'closed' || state === 'snoozed' ? (
        <button type="button" aria-disabled={doing.isPending('open')} onClick={open}>
          Open again
        </button>
      ) : null}
      {state !== 'closed' && (
        <button type="button" aria-disabled={doing.isPending('close')} onClick={close}>
          Close
        </button>
      )}
      {picking === 'assign' && (
        <Pick
          title="Assign to"
          options={assigneesOf(conversation)}
          onClose={() => setPicking(null)}
          onPick={(picked) => {
            const [type = '', assignee = '0'] = picked.split(' ')
            const kind = type === 'team' ? 'team' : 'admin'
            const to =
              assignee === '0' ? 'nobody' : kind === 'team' ? teamName(assignee) : adminName(assignee)
            void perform(`assign ${picked}`, 'The assignment', `Assigned to ${to}.`, () =>
              acts.assign(id, kind, assignee),
            )
          }}
        />
      )}
      {picking === 'tag' && (
        <TagPick
          conversation={conversation}
          onClose={() => setPicking(null)}
          onPick={(tag, named, isOn) =>
            void (isOn
              ? perform(`untag ${tag}`, `Taking the tag ${named} away`, 'Tag removed.', () =>
                  acts.untag(id, tag),
                )
              : perform(`tag ${tag}`, `The tag ${named}`, 'Tagged.', () => acts.tag(id, tag)))
          }
          onNew={(name) =>
            void perform(`new tag ${name}`, `The tag “${name}”`, 'Tagged.', async () =>
              acts.tag(id, (await acts.newTag(name)).id),
            )
          }
        />
      )}
      {picking === 'snooze' && (
        <SnoozePick
          onClose={() => setPicking(null)}
          onPick={(until) =>
            void perform(`snooze ${until}`, 'The snooze', `Snoozed until ${fullTime(until * 1000)}.`, () =>
              acts.snooze(id, until),
            )
          }
        />
      )}
    </div>
  )
}

function assigneesOf({ admin_assignee_id, team_assignee_id }: Conversation): Option[] {
  const { admins = [], teams = [] } = names.value ?? {}
  return [
    ...admins
      .filter((one) => one.has_inbox_seat)
      .map(({ id, name, email }) => ({
        ...{ id: `admin ${id}`, label: name, detail: email, isOn: String(admin_assignee_id) === id },
      })),
    ...teams.map(({ id, name }) => ({
      ...{ id: `team ${id}`, label: name, detail: 'team', isOn: String(team_assignee_id) === id },
    })),
    { id: 'admin 0', label: 'Nobody', detail: 'takes the teammate away' },
    { id: 'team 0', label: 'No team', detail: 'takes the team away' },
  ]
}

function TagPick(props: {
  conversation: Conversation
  onPick: (id: string, named: string, isOn: boolean) => void
  onNew: (name: string) => void
  onClose: () => void
}) {
  const { conversation, onPick, onNew, onClose } = props
  const on = new Set(conversation.tags.tags.map(({ id }) => id))
  const known = names.value?.tags ?? conversation.tags.tags
  const options = known.map(({ id, name }) => ({ id, label: name, isOn: on.has(id) }))
  return (
    <Pick
      title="Tag or untag"
      options={options}
      onClose={onClose}
      onPick={(id) => onPick(id, `“${options.find((one) => one.id === id)?.label ?? id}”`, on.has(id))}
      offer={{ label: (text) => `New tag “${text}”`, onPick: onNew }}
    />
  )
}

function SnoozePick({ onPick, onClose }: { onPick: (until: number) => void; onClose: () => void }) {
  const [time, setTime] = useState('')
  const now = new Date(workspaceNow())
  const at = (days: number, hour: number) =>
    new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, hour).getTime()
  const monday = (8 - now.getDay()) % 7 || 7
  const choices: [label: string, ms: number][] = [
    ['In an hour', now.getTime() + 3_600_000],
    ['In three hours', now.getTime() + 3 * 3_600_000],
    ['Tomorrow at nine', at(1, 9)],
    ['On Monday at nine', at(monday, 9)],
    ['In a week', at(7, 9)],
  ]
  return (
    <Pick
      title="Snooze until"
      options={choices.map(([label, ms]) => ({ id: String(ms), label, detail: fullTime(ms) }))}
      onClose={onClose}
      onPick={(ms) => onPick(Math.floor(Number(ms) / 1000))}
    >
      <form
        class="pick-time"
        onSubmit={(event) => {
          event.preventDefault()
          const ms = new Date(time).getTime()
          if (Number.isNaN(ms)) return
          onClose()
          onPick(Math.floor(ms / 1000))
        }}
      >
        <label>
          Another time{' '}
          <input type="datetime-local" value={time} onInput={(event) => setTime(event.currentTarget.value)} />
        </label>
        <button type="submit" disabled={time === ''}>
          Snooze
        </button>
      </form>
    </Pick>
  )
}
