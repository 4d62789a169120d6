import { useMemo, useRef } from 'preact/hooks'
import { Badge, Busy, Labelled, Problem, Told } from '../shell/parts/small.tsx'
import { useDo, useRead } from '../shell/read.ts'
import { Link } from '../shell/router.tsx'
import { say } from '../shell/said.tsx'
import { ask } from '../shell/server.ts'

type Limits = {
  app: number | false
  workspace: number | false
  phase: number
  reset: 'window_end' | 'ahead'
  foreign: false | { share: number; seed: number; app: string }
}

const kinds: readonly [kind: string, says: string][] = [
  ['wrap', 'A div around, and a class on each paragraph'],
  ['whitespace', 'Blanks collapsed, no line ends'],
  ['entities', 'Quotes and letters beyond ASCII as references'],
  ['attributes', 'All attributes removed, links too'],
  ['typography', 'Typographic quotes, dashes and dots: this one changes the text'],
]

/** How much Intercom takes, and what it makes of bodies. */
export function Limits() {
  return (
    <div class="page">
      <RateLimits />
      <Rewriting />
    </div>
  )
}

function RateLimits() {
  const { body, again, problem: unread } = useRead<Limits>('/workspace/rate_limit')
  const { run, all } = useDo()
  const { value } = body
  const fields = useRef<HTMLFormElement>(null)
  const first = useMemo(() => value && textsOf(value), [value === null])
  if (unread.value !== null) return <Problem onRetry={again}>{unread.value}</Problem>
  if (value === null || first === null) return <Busy />
  const save = (event: SubmitEvent) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget as HTMLFormElement)
    const changes = changesOf(form)
    void run({ key: JSON.stringify(changes), slot: 'limits', what: 'Setting the limits' }, async () => {
      setTo(await ask<Limits>('PUT', '/workspace/rate_limit', changes), form)
      say('The limits apply from the next window on.')
    })
  }
  const restore = () => {
    if (fields.current === null) return
    const before = new FormData(fields.current)
    void run({ key: 'restore', slot: 'limits', what: 'Restoring the limits' }, async () => {
      setTo(await ask<Limits>('DELETE', '/workspace/rate_limit'), before)
      say('The limits are Intercom’s usual ones.')
    })
  }
  /** What somebody has typed since stays. */
  function setTo(limits: Limits, before: FormData): void {
    body.value = limits
    for (const [name, text] of Object.entries(textsOf(limits))) {
      const field = fields.current?.elements.namedItem(name) as HTMLInputElement | HTMLSelectElement | null
      if (field?.value === before.get(name)) field.value = text
    }
  }
  return (
    <section class="panel stack" aria-labelledby="limits-title">
      <div class="row">
        <h2 id="limits-title">Rate limits</h2>
        {value.foreign !== false && <Badge tone="warn">Shared with somebody</Badge>}
        <Link class="push small" to="/traffic/limits">
          The windows, under Traffic
        </Link>
      </div>
      <p class="quiet">
        Calls in each window of ten seconds. A call beyond them is answered 429 and does nothing. Requests of
        this page count as well.
      </p>
      <form class="stack" ref={fields} onSubmit={save}>
        <div class="fields">
          <Labelled label="For one app" hint="Empty for no limit.">
            {(ids) => <input {...ids} name="app" type="number" min="1" step="1" defaultValue={first.app} />}
          </Labelled>
          <Labelled label="For the workspace" hint="Empty for no limit.">
            {(ids) => (
              <input
                {...ids}
                name="workspace"
                type="number"
                min="1"
                step="1"
                defaultValue={first.workspace}
              />
            )}
          </Labelled>
          <Labelled label="Windows end on second" hint="Of every ten.">
            {(ids) => (
              <input
                {...ids}
                name="phase"
                type="number"
                min="0"
                max="9"
                step="1"
                required
                defaultValue={first.phase}
              />
            )}
          </Labelled>
          <Labelled label="X-RateLimit-Reset">
            {(ids) => (
              <select {...ids} name="reset">
                <option value="window_end" selected={first.reset === 'window_end'}>
                  The end of the window
                </option>
                <option value="ahead" selected={first.reset === 'ahead'}>
                  The first end that is 6 s ahead
                </option>
              </select>
            )}
          </Labelled>
          <Labelled label="Used by somebody else, %" hint="On average, in bursts; 0 for nobody.">
            {(ids) => (
              <input
                {...ids}
                name="share"
                type="number"
                min="0"
                max="100"
                step="any"
                required
                defaultValue={first.share}
              />
            )}
          </Labelled>
        </div>
        <Told of={all} />
        <div class="row">
          <button type="submit" class="primary">
            Set the limits
          </button>
          <button type="button" onClick={restore}>
            Restore the usual ones
          </button>
        </div>
      </form>
    </section>
  )
}

/** As the form shows them, by the names of its fields. */
function textsOf({ app, workspace, phase, reset, foreign }: Limits) {
  const share = foreign === false ? 0 : foreign.share * 100
  return {
    ...{ app: String(app || ''), workspace: String(workspace || ''), phase: String(phase) },
    ...{ reset, share: String(share) },
  }
}

function changesOf(form: FormData): object {
  const limit = (name: string) => {
    const text = String(form.get(name) ?? '').trim()
    return text === '' ? false : Number(text)
  }
  const share = Number(form.get('share')) / 100
  return {
    app: limit('app'),
    workspace: limit('workspace'),
    phase: Number(form.get('phase')),
    reset: form.get('reset'),
    foreign: share > 0 ? { share } : false,
  }
}

function Rewriting() {
  const { body, again, problem: unread } = useRead<{ kinds: string[] }>('/workspace/rewrite')
  const { run, all } = useDo()
  const { value } = body
  if (unread.value !== null) return <Problem onRetry={again}>{unread.value}</Problem>
  if (value === null) return <Busy />
  const turn = (kind: string, isOn: boolean) =>
    void run({ key: `${kind} ${isOn}`, slot: kind, what: 'Setting how bodies are rewritten' }, async () => {
      const now = body.peek()?.kinds ?? []
      const wanted = kinds.map(([one]) => one).filter((one) => (one === kind ? isOn : now.includes(one)))
      body.value = await ask<{ kinds: string[] }>('PUT', '/workspace/rewrite', { kinds: wanted })
    })
  /** As asked for until the answer is there, then as it is. */
  const isOn = (kind: string) => {
    const asked = all.pending.value.findLast(({ slot }) => slot === kind)
    return asked === undefined ? value.kinds.includes(kind) : asked.key === `${kind} true`
  }
  return (
    <section class="panel stack" aria-labelledby="rewriting-title">
      <h2 id="rewriting-title">How bodies are rewritten</h2>
      <p class="quiet">
        Intercom stores HTML in its own way, so that a reply does not come back as it was sent. Whoever
        compares texts must allow for this.
      </p>
      <div class="stack">
        {kinds.map(([kind, says]) => (
          <label key={kind} class="check">
            <input
              type="checkbox"
              checked={isOn(kind)}
              onChange={(event) => turn(kind, event.currentTarget.checked)}
            />
            {says}
          </label>
        ))}
      </div>
      <Told of={all} />
    </section>
  )
}
