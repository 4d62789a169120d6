import { useSignal } from '@preact/signals'
import { Busy, Choice, Empty, Problem } from '../shell/parts/small.tsx'
import { useRead } from '../shell/read.ts'
import { Link } from '../shell/router.tsx'
import { session } from '../shell/session.ts'
import { WideTable } from './wide-table.tsx'

/** Ten seconds of Intercom's rate limit. */
type Window = {
  /** Unix seconds. */
  ends_at: number
  allowed: number | null
  used: number
  foreign: number
  refused: number
}

type OfLocal = {
  app: string
  ends_at: number
  limit: number | null
  calls: number
  refused: number
  foreign: number
}

/** Windows that are drawn: ten minutes. */
const drawn = 60
const everyMs = 1000

/** The rate-limit windows as a chart, and in numbers. */
export function LimitWindows() {
  const isLocal = session.value?.local === true
  const path = isLocal ? '/workspace/rate_windows' : '/traffic/limits'
  const { body, problem, again } = useRead<{ windows: (Window | OfLocal)[] }>(
    `${path}?limit=${drawn * 3}`,
    everyMs,
  )
  const app = useSignal<string | null>(null)
  if (problem.value !== null && body.value === null) return <Problem onRetry={again}>{problem.value}</Problem>
  if (body.value === null) return <Busy />
  const all = body.value.windows
  const apps = [...new Set(all.flatMap((one) => ('app' in one ? [one.app] : [])))]
  const chosen = apps.find((one) => one === app.value) ?? apps[0] ?? null
  const windows = all
    .filter((one) => !('app' in one) || one.app === chosen)
    .slice(0, drawn)
    .map(windowOf)
  if (windows.length === 0)
    return (
      <Empty says="Intercom counts calls in windows of ten seconds and refuses what is beyond its limit. Each window in which something was asked shows here.">
        {isLocal && <Link to="/lab/limits">Set the limits in the Lab</Link>}
      </Empty>
    )
  return (
    <div class="page">
      <div class="row">
        <p class="quiet">Calls in each window of ten seconds, the latest on the right.</p>
        {apps.length > 1 && chosen !== null && (
          <Choice
            label="App"
            options={apps.map((value) => ({ value, label: value }))}
            value={chosen}
            onChoose={(value) => {
              app.value = value
            }}
          />
        )}
        {isLocal && (
          <Link class="push small" to="/lab/limits">
            Limits, in the Lab
          </Link>
        )}
      </div>
      <Chart windows={windows} />
      <Numbers windows={windows} />
    </div>
  )
}

function windowOf(one: Window | OfLocal): Window {
  if (!('app' in one)) return { ...one, used: one.used - one.refused }
  const { ends_at, limit, calls, refused, foreign } = one
  return { ends_at, allowed: limit, used: calls - refused, foreign, refused }
}

const parts = [
  ['used', 'Used'],
  ['foreign', 'By others'],
  ['refused', 'Refused'],
] as const

const [width, height, step] = [1200, 240, 1200 / drawn]

/** A bar for each window, from old to new; a line where the limit is. Windows without calls are gaps. */
function Chart({ windows }: { windows: readonly Window[] }) {
  const [newest] = windows
  if (newest === undefined) return null
  const shown = windows.filter(({ ends_at }) => ends_at > newest.ends_at - drawn * 10)
  const most = Math.max(1, ...shown.map(({ used, foreign, refused }) => used + foreign + refused))
  const limit = newest.allowed
  // A limit far beyond what is used would leave nothing to see of the bars.
  const scale = limit !== null && limit <= most * 3 ? Math.max(limit, most) : most
  const y = (calls: number) => (calls / scale) * (height - 8)
  const sum = (part: (typeof parts)[number][0]) => shown.reduce((total, one) => total + one[part], 0)
  const says = `Of ${shown.length} windows: ${sum('used')} used, ${sum('foreign')} by others, ${sum('refused')} refused; the limit is ${limit ?? 'off'}.`
  return (
    <figure class="panel traffic-chart">
      <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" role="img" aria-label={says}>
        {shown.map((one) => {
          const x = width - ((newest.ends_at - one.ends_at) / 10 + 1) * step
          let top = height
          return (
            <g key={one.ends_at}>
              {parts.map(([part]) => {
                const tall = y(one[part])
                top -= tall
                return (
                  <rect
                    key={part}
                    class={`traffic-${part}`}
                    x={x + 2}
                    y={top}
                    width={step - 4}
                    height={tall}
                  />
                )
              })}
            </g>
          )
        })}
        {limit !== null && limit <= scale && (
          <line class="traffic-limit" x1="0" x2={width} y1={height - y(limit)} y2={height - y(limit)} />
        )}
      </svg>
      <figcaption class="row small">
        {parts.map(([part, label]) => (
          <span key={part} class="traffic-key">
            <i class={`traffic-${part}`} /> {label} <b>{sum(part).toLocaleString('en')}</b>
          </span>
        ))}
        <span class="push quiet">
          Allowed {limit === null ? 'without limit' : `${limit.toLocaleString('en')} a window`}
          {limit !== null && limit > scale && ', far above the chart'}
        </span>
      </figcaption>
    </figure>
  )
}

function Numbers({ windows }: { windows: readonly Window[] }) {
  return (
    <WideTable label="Windows">
      <thead>
        <tr>
          <th scope="col">Window until</th>
          {['Allowed', 'Used', 'By others', 'Refused'].map((label) => (
            <th key={label} scope="col" class="number">
              {label}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {windows.slice(0, 20).map(({ ends_at, allowed, used, foreign, refused }) => (
          <tr key={ends_at}>
            <td>{new Date(ends_at * 1000).toLocaleTimeString('en-GB')}</td>
            <td class="number">{allowed?.toLocaleString('en') ?? '∞'}</td>
            <td class="number">{used.toLocaleString('en')}</td>
            <td class="number">{foreign.toLocaleString('en')}</td>
            <td class="number">
              {refused === 0 ? <span class="quiet">0</span> : <b>{refused.toLocaleString('en')}</b>}
            </td>
          </tr>
        ))}
      </tbody>
    </WideTable>
  )
}
