import { useSignal } from '@preact/signals'
import { useRef } from 'preact/hooks'
import { useKeys } from '../shell/keys.tsx'
import { Badge, Empty, type Tone } from '../shell/parts/small.tsx'
import { Link, pathOf } from '../shell/router.tsx'
import { sentenceCase } from '../shell/sentence-case.ts'
import type { Action } from './fields.ts'

const tones: Readonly<Record<Action['effect'], Tone>> = {
  read: 'quiet',
  update: 'quiet',
  create: 'quiet',
  send: 'warn',
}

/** What an action does, in a word: as its policy, hints and approvals go by it. */
export function EffectBadge({ effect, destructive }: Pick<Action, 'effect' | 'destructive'>) {
  const tone = destructive ? 'bad' : tones[effect]
  return <Badge tone={tone}>{sentenceCase(destructive ? 'destructive' : effect)}</Badge>
}

/** All actions of the caller, by toolset, those first that are always there. */
export function ActionList({
  actions,
  current,
}: {
  actions: readonly Action[]
  current: string | undefined
}) {
  const filter = useSignal('')
  const list = useRef<HTMLElement>(null)
  const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean)
  const shown = actions.filter((action) => words.every((word) => textOf(action).includes(word)))
  const groups = Map.groupBy(shown, ({ toolset }) => sentenceCase(toolset ?? 'always there'))

  const step = (by: number) => {
    const links = [...(list.current?.querySelectorAll('a') ?? [])]
    const focused = links.indexOf(document.activeElement as HTMLAnchorElement)
    const at = focused >= 0 ? focused : links.findIndex((link) => link.hasAttribute('aria-current'))
    links[Math.max(0, Math.min(links.length - 1, at + by))]?.focus()
  }
  useKeys(
    [
      { key: 'j', says: 'Next action', run: () => step(1) },
      { key: 'k', says: 'Action before', run: () => step(-1) },
    ],
    'Actions',
  )
  return (
    <>
      <div class="pane-head">
        <input
          data-filter
          type="search"
          aria-label="Filter actions"
          placeholder="Filter by name, text or effect"
          value={filter.value}
          onInput={(event) => {
            filter.value = event.currentTarget.value
          }}
          onKeyDown={(event) => {
            if (event.key !== 'ArrowDown' && event.key !== 'Enter') return
            event.preventDefault()
            list.current?.querySelector('a')?.focus()
          }}
        />
      </div>
      <nav
        ref={list}
        class="action-list"
        aria-label="Actions"
        onKeyDown={(event) => {
          if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return
          event.preventDefault()
          step(event.key === 'ArrowDown' ? 1 : -1)
        }}
      >
        {[...groups].map(([title, own]) => (
          <section key={title} aria-label={title}>
            <p class="quiet small">{title}</p>
            {own.map((action) => (
              <Link
                key={action.name}
                to={pathOf('actions', [action.name])}
                aria-current={action.name === current ? 'page' : undefined}
              >
                <span class="cut">{action.title}</span>
                <EffectBadge {...action} />
              </Link>
            ))}
          </section>
        ))}
        {shown.length === 0 && <Empty says="No action matches. Filter by name, text or effect." />}
      </nav>
    </>
  )
}

function textOf({ name, title, effect, destructive, toolset, description }: Action): string {
  return `${name} ${title} ${effect} ${destructive ? 'destructive' : ''} ${toolset ?? ''} ${description}`.toLowerCase()
}
