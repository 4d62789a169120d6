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
  if (unread.value !== null) return <Problem onRetry={again}>{unread.value}</Problem>
  if (value === null) return <Busy />
  const save = (event: SubmitEvent) => {
    event.preventDefault()
    const changes = changesOf(new FormData(event.currentTarget as HTMLFormElement))
    void run({ key: JSON.stringify(changes), slot: 'limits', what: 'Setting the limits' }, async () => {
      body.value = await ask<Limits>('PUT', '/workspace/rate_limit', changes)
      say('The limits apply from the next window on.')
    })
  }
  const restore = () =>
    void run({ key: 'restore', slot: 'limits', what: 'Restoring the limits' }, async () => {
      body.value = await ask<Limits>('DELETE', '/workspace/rate_limit')
      say('The limits are Intercom’s usual ones.')
    })
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
      <form class="stack" key={JSON.stringify(value)} onSubmit={save}>
        <div class="fields">
          <Labelled label="For one app" hint="Empty for no limit.">
            {(ids) => (
              <input {...ids} name="app" type="number" min="1" step="1" defaultValue={value.app || ''} />
            )}
          </Labelled>
          <Labelled label="For the workspace" hint="Empty for no limit.">
            {(ids) => (
              <input
                {...ids}
                name="workspace"
                type="number"
                min="1"
                step="1"
                defaultValue={value.workspace || ''}
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
                defaultValue={value.phase}
              />
            )}
          </Labelled>
          <Labelled label="X-RateLimit-Reset">
            {(ids) => (
              <select {...ids} name="reset">
                <option value="window_end" selected={value.reset === 'window_end'}>
                  The end of the window
                </option>
                <option value="ahead" selected={value.reset === 'ahead'}>
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
                defaultValue={value.foreign === false ? 0 : value.foreign.share * 100}
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
