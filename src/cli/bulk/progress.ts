import type { Hooks } from '../../client/call.ts'
import { printable } from '../command.ts'

const width = 20
/** How often a terminal's line is redrawn, and a line is written elsewhere, ms. */
const drawMs = 200
const lineMs = 5000
/** The rate is that of the last seconds, ms. */
const windowMs = 10_000
/** A wait is shown for at least so long, ms: those for the rate limit are reported when they are over. */
const waitShownMs = 2000

/** What is shown of a job. */
type Shown = {
  phase: string
  /** 0 while it is not known how many there will be. */
  rows: number
  done: number
  failed: number
  unknown: number
}

/** Shows the progress of a job, as a bar on a terminal and as lines elsewhere. */
export interface Progress {
  /** For the client: its waits are shown. */
  readonly hooks: Pick<Hooks, 'onRetry' | 'onWait'>
  show(look: () => Shown): void
  end(): void
}

export function openProgress(stream: NodeJS.WriteStream = process.stderr): Progress {
  const samples: { at: number; done: number }[] = []
  let look: (() => Shown) | undefined
  let phase = ''
  let wait: { text: string; until: number } | undefined

  const waits = (text: string, ms: number) => {
    wait = { text, until: performance.now() + Math.max(ms, waitShownMs) }
  }
  const draw = () => {
    if (look === undefined) return
    const shown = look()
    const now = performance.now()
    if (shown.phase !== phase) samples.length = 0
    phase = shown.phase
    samples.push({ at: now, done: shown.done })
    while (samples.length > 2 && (samples[0]?.at ?? now) < now - windowMs) samples.shift()
    const text = textOf(shown, rateOf(samples), wait !== undefined && now < wait.until ? wait : null, now)
    stream.write(
      stream.isTTY ? `\r\x1b[K${text.slice(0, Math.max(20, (stream.columns ?? 80) - 1))}` : `${text}\n`,
    )
  }
  const timer = setInterval(draw, stream.isTTY ? drawMs : lineMs)
  return {
    hooks: {
      // The code may be Intercom's own word, or a proxy's.
      onRetry: ({ code, ms }) => waits(`retry after ${printable(code.replace(/\s+/g, ' '))}`, ms),
      onWait: ({ reason, ms }) => waits(reason.replaceAll('_', ' '), ms),
    },
    show(next) {
      look = next
    },
    end() {
      clearInterval(timer)
      if (stream.isTTY) stream.write('\r\x1b[K')
    },
  }
}

/** Rows a second between the first and the last sample; 0 before there are two. */
function rateOf(samples: readonly { at: number; done: number }[]): number {
  const [first, last] = [samples[0], samples.at(-1)]
  if (first === undefined || last === undefined || last.at <= first.at) return 0
  return ((last.done - first.done) * 1000) / (last.at - first.at)
}

function textOf(
  { phase, rows, done, failed, unknown }: Shown,
  rate: number,
  wait: { text: string; until: number } | null,
  now: number,
): string {
  const share = rows === 0 ? 0 : done / rows
  const filled = Math.floor(width * share)
  const bar = `${'█'.repeat(filled)}${'░'.repeat(width - filled)} ${Math.floor(share * 100)} %`
  const parts = [
    rows === 0 ? `${formatCount(done)} rows` : `${formatCount(done)} of ${formatCount(rows)}`,
    ...(failed > 0 ? [`${formatCount(failed)} failed`] : []),
    ...(unknown > 0 ? [`${formatCount(unknown)} unknown`] : []),
    ...(rate > 0 ? [`${rate < 10 ? rate.toFixed(1) : formatCount(Math.round(rate))} rows/s`] : []),
    ...(rate > 0 && rows > done ? [`${formatDuration((rows - done) / rate)} left`] : []),
    ...(wait === null ? [] : [`waiting: ${wait.text}, ${((wait.until - now) / 1000).toFixed(0)} s`]),
  ]
  return `${phase}${rows === 0 ? '' : ` ${bar}`}  ${parts.join(' · ')}`
}

/** 1234567 as 1,234,567. */
export function formatCount(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',')
}

/** `1 h 2 min`, `1 min 40 s`; seconds are rounded up. */
export function formatDuration(seconds: number): string {
  const whole = Math.ceil(seconds)
  if (whole < 60) return `${whole} s`
  const minutes = Math.floor(whole / 60)
  if (minutes < 60) return `${minutes} min ${whole % 60} s`
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}
