import { useSignal } from '@preact/signals'
import { readClock } from '../shell/clock.ts'
import { Dialog } from '../shell/parts/dialog.tsx'
import { CopyButton, Labelled, Problem, Told } from '../shell/parts/small.tsx'
import { useDo, useRead } from '../shell/read.ts'
import { say } from '../shell/said.tsx'
import { ask } from '../shell/server.ts'

/** What a reset puts in place of all data; with what it is called. */
type Reset = { body: object; label: string }

const seeds: readonly [value: string, label: string, says: string][] = [
  ['', 'As it was created', 'With its seed, or its fixture file as it is now.'],
  ['small', 'Small demo', '200 contacts, 300 conversations.'],
  ['large', 'Large demo', '20,000 contacts, 30,000 conversations; takes some seconds.'],
  ['empty', 'Empty', 'An app, an admin, a bot, and nobody else.'],
]

/** Where the data comes from, and where it goes. */
export function Data() {
  const asked = useSignal<Reset | null>(null)
  return (
    <div class="page">
      <section class="panel stack" aria-labelledby="seed-title">
        <h2 id="seed-title">Start again</h2>
        <p class="quiet">
          All data is replaced. Faults, lag, clock, limits and the request log are reset, and the changes with
          their checkpoints are gone. Your first token and webhook subscriptions stay.
        </p>
        <div class="seeds">
          {seeds.map(([seed, label, says]) => (
            <button
              key={label}
              type="button"
              onClick={() => {
                asked.value = { body: seed === '' ? {} : { seed }, label }
              }}
            >
              <strong>{label}</strong>
              <span class="quiet small">{says}</span>
            </button>
          ))}
        </div>
      </section>
      <Fixture onReset={(reset) => (asked.value = reset)} />
      <Export />
      <Snapshots />
      {asked.value !== null && <Confirm reset={asked.value} onClose={() => (asked.value = null)} />}
    </div>
  )
}

function Confirm({ reset, onClose }: { reset: Reset; onClose: () => void }) {
  const { run, isBusy, all } = useDo()
  const replace = () =>
    void run({ key: 'reset', what: `Replacing all data: ${reset.label}` }, async () => {
      await ask('POST', '/workspace/reset', reset.body)
      await readClock()
      onClose()
      say('All data is replaced.')
    })
  return (
    <Dialog title={`Replace all data: ${reset.label}`} onClose={onClose}>
      <p>What is there now is gone, and cannot be brought back. A snapshot or an export would keep it.</p>
      <Told of={all} />
      <div class="row">
        <button type="button" class="primary" disabled={isBusy} onClick={replace}>
          {isBusy ? 'Replacing…' : 'Replace all data'}
        </button>
        <button type="button" disabled={isBusy} onClick={onClose}>
          Cancel
        </button>
      </div>
    </Dialog>
  )
}

function Fixture({ onReset }: { onReset: (reset: Reset) => void }) {
  const problem = useSignal<string | null>(null)
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    const text = String(new FormData(event.currentTarget as HTMLFormElement).get('fixture'))
    problem.value = text.trim() === '' ? 'Paste a fixture first.' : null
    if (problem.value === null) onReset({ body: { fixtures: text }, label: 'the fixture' })
  }
  return (
    <section class="panel stack" aria-labelledby="fixture-title">
      <h2 id="fixture-title">A workspace of your own</h2>
      <form class="stack" onSubmit={submit}>
        <Labelled
          label="Fixture, YAML or JSON"
          hint="People, customers and conversations in one text: docs/fixtures.md. Mistakes are reported with line and column, and nothing is loaded then."
          problem={problem.value}
        >
          {(ids) => (
            <textarea
              {...ids}
              class="mono"
              name="fixture"
              spellcheck={false}
              placeholder={'contacts:\n  - { key: mia, email: mia@example.com, name: Mia Santos }'}
            />
          )}
        </Labelled>
        <div class="row">
          <button type="submit">Load it…</button>
        </div>
      </form>
    </section>
  )
}

function Export() {
  const { run, isBusy, all } = useDo()
  const text = useSignal<string | null>(null)
  const make = () =>
    void run({ key: 'export', what: 'Writing the fixture' }, async () => {
      text.value = JSON.stringify(await ask('GET', '/workspace/export'), null, 2)
    })
  const save = () => {
    const url = URL.createObjectURL(new Blob([text.value ?? ''], { type: 'application/json' }))
    const link = document.createElement('a')
    link.href = url
    link.download = 'workspace.json'
    link.click()
    URL.revokeObjectURL(url)
  }
  return (
    <section class="panel stack" aria-labelledby="export-title">
      <h2 id="export-title">Export</h2>
      <p class="quiet">The present state as a fixture: loaded again, it is the same workspace.</p>
      <div class="row">
        <button type="button" disabled={isBusy} onClick={make}>
          {isBusy ? 'Writing…' : 'Write the fixture'}
        </button>
        {text.value !== null && (
          <>
            <button type="button" onClick={save}>
              Save as a file
            </button>
            <CopyButton text={text.value} />
            <span class="quiet small">{sizeInWords(text.value.length)}</span>
          </>
        )}
      </div>
      <Told of={all} />
    </section>
  )
}

function Snapshots() {
  const { body, again, problem: unread } = useRead<{ snapshots: string[] }>('/workspace/snapshots')
  const { run, all } = useDo()
  const names = body.value?.snapshots ?? []
  const take = (event: SubmitEvent) => {
    event.preventDefault()
    const form = event.currentTarget as HTMLFormElement
    const name = String(new FormData(form).get('name')).trim()
    void run({ key: `take ${name}`, slot: 'take', what: `The snapshot “${name}”` }, async () => {
      await ask('POST', '/workspace/snapshots', { name })
      if (String(new FormData(form).get('name')).trim() === name) form.reset()
      again()
      say(`The snapshot “${name}” is taken.`)
    })
  }
  const restore = (name: string) =>
    void run({ key: `restore ${name}`, what: `Restoring “${name}”` }, async () => {
      await ask('POST', '/workspace/restore', { name })
      say(`The data is that of “${name}”.`)
    })
  const drop = (name: string) =>
    void run({ key: `drop ${name}`, what: `Dropping “${name}”` }, async () => {
      await ask('DELETE', `/workspace/snapshots?name=${encodeURIComponent(name)}`)
      again()
    })
  return (
    <section class="panel stack" aria-labelledby="snapshots-title">
      <h2 id="snapshots-title">Snapshots</h2>
      <p class="quiet">
        Copies of all data in memory, to go back to as often as you like. They are gone when the program ends.
      </p>
      {unread.value !== null && <Problem onRetry={again}>{unread.value}</Problem>}
      <ol class="rules">
        {names.map((name) => (
          <li key={name} class="row">
            <span class="cut">{name}</span>
            <button type="button" class="push" aria-label={`Restore ${name}`} onClick={() => restore(name)}>
              Restore
            </button>
            <button type="button" class="plain" aria-label={`Drop ${name}`} onClick={() => drop(name)}>
              Drop
            </button>
          </li>
        ))}
      </ol>
      <form class="row bottoms" onSubmit={take}>
        <Labelled label="Name">{(ids) => <input {...ids} name="name" maxLength={200} required />}</Labelled>
        <button type="submit">Take a snapshot</button>
      </form>
      <Told of={all} />
    </section>
  )
}

function sizeInWords(length: number): string {
  return length < 1024 * 1024 ? `${Math.ceil(length / 1024)} kB` : `${(length / 1024 / 1024).toFixed(1)} MB`
}
