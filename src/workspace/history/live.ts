import type { Control } from '../control/control.ts'
import type { Wire } from '../faults/wire.ts'

const heartbeatMs = 15_000

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
    while (!left.aborted) {
      // Listened for before the changes are read: what is written in between wakes at once.
      const woken = new Promise<void>((resolve) => {
        wake = resolve
      })
      const { changes, next_since, has_more } = control.changes({ since: position, limit: 100 })
      position = next_since
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
