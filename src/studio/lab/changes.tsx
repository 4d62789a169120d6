import { useSignal } from '@preact/signals'
import { useEffect, useMemo } from 'preact/hooks'
import { workspaceNow } from '../shell/clock.ts'
import { Dialog } from '../shell/parts/dialog.tsx'
import { Badge, Empty, Labelled, Problem, Told, Words } from '../shell/parts/small.tsx'
import { Split } from '../shell/parts/split.tsx'
import { Time } from '../shell/parts/time.tsx'
import { VirtualList } from '../shell/parts/virtual-list.tsx'
import { useDo, useRead } from '../shell/read.ts'
import { go, Link, pathOf, route, withQuery } from '../shell/router.tsx'
import { say } from '../shell/said.tsx'
import { ask } from '../shell/server.ts'
import { authorWords, ChangeDetail, entityWords, summaryOf } from './change.tsx'
import { historyOf } from './history.ts'

type Checkpoint = { name: string; at: number; automatic: boolean; reachable: boolean }
type Rewound = { to: string; undo: string; rows: number }
type Admins = { admins: { id: string; name: string }[] }

/** What was written, by whom, since a named moment; and the way back to it. */
export function Changes() {
  const checkpoint = route.value.parts[1] ?? null
  const chosen = route.value.query['change'] ?? null
  const history = useMemo(() => historyOf(checkpoint), [checkpoint])
  useEffect(() => history.close, [history])
  const { body } = useRead<Admins>('/intercom/admins')
  const admins = useMemo(() => new Map(body.value?.admins.map(({ id, name }) => [id, name])), [body.value])
  const rows = history.rows.value
  const row = rows?.find(({ key }) => key === chosen)
  const detail =
    row === undefined ? (
      <Empty says="Choose a change to see what it was before and after." />
    ) : (
      <ChangeDetail
        change={row.change}
        others={
          rows?.filter((one) => one !== row && one.change.id === row.change.id).map(({ change }) => change) ??
          []
        }
        admins={admins}
      />
    )
  return (
    <Split
      isOpen={row !== undefined}
      back={{
        to: pathOf('lab', checkpoint === null ? ['changes'] : ['changes', checkpoint]),
        label: 'Changes',
      }}
      labels={{ list: 'Changes', detail: 'The change', aside: 'Checkpoints' }}
      list={
        <>
          <div class="pane-head">
            <h2>
              {checkpoint === null ? (
                'All changes'
              ) : (
                <>
                  Since “<Words text={checkpoint} />”
                </>
              )}
            </h2>
            {rows !== null && <span class="count push">{rows.length.toLocaleString('en')}</span>}
          </div>
          {history.isCut.value && <p class="quiet small pane-note">Older changes are no longer kept.</p>}
          <List history={history} chosen={chosen} admins={admins} checkpoint={checkpoint} />
        </>
      }
      aside={<Checkpoints chosen={checkpoint} />}
    >
      {detail}
    </Split>
  )
}

function List(props: {
  history: ReturnType<typeof historyOf>
  chosen: string | null
  admins: ReadonlyMap<string, string>
  checkpoint: string | null
}) {
  const { history, chosen, admins, checkpoint } = props
  return (
    <VirtualList
      label="Changes"
      what="change"
      items={history.rows.value}
      problem={history.problem.value}
      onRetry={history.again}
      rowHeight={56}
      keyOf={({ key }) => key}
      current={chosen}
      onOpen={({ key }) => go(withQuery({ change: key }))}
      hrefOf={({ key }) => `/studio${withQuery({ change: key })}`}
      empty={
        <Empty
          says={
            checkpoint === null
              ? 'Nothing has been written yet. Answer a customer on the desk, or let an agent work on this Intercom: every change appears here.'
              : 'Nothing has changed since this moment.'
          }
        >
          {checkpoint === null && <Link to="/desk">Go to the desk</Link>}
        </Empty>
      }
      row={({ change }) => (
        <div class="change-row" data-undone={change.undone}>
          <div class="row-line">
            <strong class="cut">
              {entityWords(change)} <span class="quiet">{change.action}</span>
            </strong>
            {change.customer_saw && <Badge tone="warn">Seen</Badge>}
            <span class="quiet tiny push">
              <Time at={change.at} by="workspace" />
            </span>
          </div>
          <div class="row-line small">
            <span class="cut">
              <Words text={authorWords(change, admins)} />
              <span class="quiet">
                {' '}
                <Words text={summaryOf(change).slice(0, 160)} />
              </span>
            </span>
          </div>
        </div>
      )}
    />
  )
}

function Checkpoints({ chosen }: { chosen: string | null }) {
  const {
    body,
    again,
    problem: unread,
  } = useRead<{ checkpoints: Checkpoint[] }>('/workspace/checkpoints', 5000)
  const { run, all: doings, isShown } = useDo()
  const asked = useSignal<string | null>(null)
  const name = (event: SubmitEvent) => {
    event.preventDefault()
    const form = event.currentTarget as HTMLFormElement
    const given = String(new FormData(form).get('name')).trim()
    void run({ key: `name ${given}`, slot: 'name', what: `Naming “${given}”` }, async () => {
      await ask('POST', '/workspace/checkpoints', { name: given })
      if (String(new FormData(form).get('name')).trim() === given) form.reset()
      again()
      if (isShown()) go(pathOf('lab', ['changes', given]))
    })
  }
  const drop = (given: string) =>
    void run({ key: `forget ${given}`, what: `Forgetting “${given}”` }, async () => {
      await ask('DELETE', `/workspace/checkpoints?name=${encodeURIComponent(given)}`)
      if (isShown() && route.peek().parts[1] === given) go(pathOf('lab', ['changes']), { replace: true })
      again()
    })
  const all = body.value?.checkpoints.toReversed() ?? []
  return (
    <div class="stack checkpoints">
      <h2>Checkpoints</h2>
      <p class="quiet small">
        Name this moment, let something happen, see what it changed, and take it back.
      </p>
      <form class="row bottoms" onSubmit={name}>
        <Labelled label="Name this moment">
          {(ids) => <input {...ids} name="name" maxLength={200} placeholder="before the agent" required />}
        </Labelled>
        <button type="submit">Set</button>
      </form>
      <Told of={doings} />
      {unread.value !== null && <Problem>{unread.value}</Problem>}
      <ol class="rules">
        <li>
          <Link
            class="checkpoint"
            to={pathOf('lab', ['changes'])}
            aria-current={chosen === null || undefined}
          >
            All changes
          </Link>
        </li>
        {all.map(({ name: own, at, automatic, reachable }) => (
          <li key={own} class="checkpoint-line">
            <Link
              class="checkpoint"
              to={pathOf('lab', ['changes', own])}
              aria-current={chosen === own || undefined}
            >
              <span class="cut">
                <Words text={own} />
              </span>
              <span class="quiet tiny">
                {automatic && 'made by a rewind · '}
                <Time at={Math.min(at, workspaceNow())} by="workspace" />
              </span>
            </Link>
            <button
              type="button"
              aria-label={`Rewind to ${own}`}
              disabled={!reachable}
              title={reachable ? undefined : 'The history no longer reaches back to it'}
              onClick={() => (asked.value = own)}
            >
              Rewind
            </button>
            <button type="button" class="plain" aria-label={`Forget ${own}`} onClick={() => drop(own)}>
              Forget
            </button>
          </li>
        ))}
      </ol>
      {asked.value !== null && (
        <Rewind
          to={asked.value}
          onClose={() => {
            asked.value = null
            again()
          }}
        />
      )}
    </div>
  )
}

function Rewind({ to, onClose }: { to: string; onClose: () => void }) {
  const { run, isBusy, all } = useDo()
  const path = `/workspace/changes?limit=10000&checkpoint=${encodeURIComponent(to)}`
  const { body } = useRead<{ changes: { customer_saw: boolean }[]; has_more: boolean }>(path)
  const count = body.value?.changes.length ?? null
  const seen = body.value?.changes.filter(({ customer_saw }) => customer_saw).length ?? 0
  const rewind = () =>
    void run({ key: 'rewind', what: `The rewind to “${to}”` }, async () => {
      await rewindTo(to)
      onClose()
    })
  return (
    <Dialog title={`Rewind to “${to}”`} onClose={onClose}>
      <p>
        {count === null ? 'All data becomes what it was then.' : `${changes(count)} taken back.`}
        {seen > 0 && ` A customer has seen ${seen.toLocaleString('en')} of them; here it will be as if not.`}{' '}
        It can be undone.
      </p>
      <Told of={all} />
      <div class="row">
        <button type="button" class="primary" disabled={isBusy} onClick={rewind}>
          Rewind
        </button>
        <button type="button" disabled={isBusy} onClick={onClose}>
          Cancel
        </button>
      </div>
    </Dialog>
  )
}

/** Says what was done, with the way back. */
async function rewindTo(name: string): Promise<void> {
  const { undo, rows } = await ask<Rewound>('POST', '/workspace/rewind', { name })
  const way = {
    label: 'Undo the rewind',
    run: () => void rewindTo(undo).catch((error: Error) => say(error.message)),
  }
  say(rows === 0 ? 'Nothing had changed since.' : `The data is that of “${name}”.`, rows === 0 ? null : way)
}

function changes(count: number): string {
  if (count === 0) return 'No change is'
  return count === 1 ? 'One change is' : `${count.toLocaleString('en')} changes are`
}
