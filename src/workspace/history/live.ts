import type { Control } from '../control/control.ts'
import type { Wire } from '../faults/wire.ts'

const heartbeatMs = 15_000
/** Tells the reader that changes after the last one it has are no longer kept. */
const missed = 'event: missed\ndata: {}\n\n'

/**
 * Writes changes to a connection as server-sent events, from a change or a time on, until the caller leaves
 * or the workspace closes.
 */
export async function sendLive(control: Control, since: number | Date, wire: Wire): Promise<void> {
  wire.head(200, [
    ['Content-Type', 'text/event-stream; charset=utf-8'],
    ['Cache-Control', 'no-store'],
  ])
  let position = since
  let wake = () => {}
  const end = control.onChange(() => wake())
  const left = AbortSignal.any([wire.gone, control.closing])
  left.addEventListener('abort', () => wake(), { once: true })
  const heartbeat = setInterval(() => void wire.write(':\n\n'), heartbeatMs).unref()
  try {
    await wire.write(':\n\n')
    // Of another history, such as that of a program that ran before: nothing is after it for a long time.
    if (typeof position === 'number' && position > control.newestChange) {
      position = control.newestChange
      await wire.write(missed)
    }
    while (!left.aborted) {
      // Listened for before the changes are read: what is written in between wakes at once.
      const woken = new Promise<void>((resolve) => {
        wake = resolve
      })
      const { changes, next_since, has_more, complete } = control.changes({ since: position, limit: 100 })
      position = next_since
      if (!complete) await wire.write(missed)
      const events = changes.map(
        (change) => `id: ${change.id}\nevent: change\ndata: ${JSON.stringify(change)}\n\n`,
      )
      if (events.length > 0 && !left.aborted) await wire.write(events.join(''))
      if (!has_more && !left.aborted) await woken
    }
  } finally {
    end()
    clearInterval(heartbeat)
    if (!wire.gone.aborted) wire.end()
  }
}
