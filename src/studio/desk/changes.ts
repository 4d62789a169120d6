import { live } from '../shell/live.ts'
import { ask, Refused } from '../shell/server.ts'

type Field = { before?: unknown; after?: unknown; added?: string[]; removed?: string[] }
/** A change of the local Intercom (docs/time-machine.md), as far as the desk looks at it. */
export type Change = {
  entity: string
  entity_id: string | null
  action: 'created' | 'updated' | 'deleted' | 'replaced'
  fields: Readonly<Record<string, Field>>
}
/** `null`: anything may have changed. */
type Hearer = (change: Change | null) => void

const hearers = new Set<Hearer>()
let close: (() => void) | undefined
/** Milliseconds between two readings where no history is kept that could tell of changes. */
const unheardMs = 2000

/** Hears what any client changes, over one stream for all parts of the desk; gives what ends that. */
export function onChange(hearer: Hearer): () => void {
  hearers.add(hearer)
  close ??= hear()
  return () => {
    hearers.delete(hearer)
    if (hearers.size > 0) return
    close?.()
    close = undefined
  }
}

function hear(): () => void {
  let end = live('/workspace/changes', {
    onEvent: (_id, data) => tell(data as Change),
    // What happened before it began, or while it was cut off, nobody has told.
    onState: (state) => state === 'live' && tell(null),
    onMissed: () => tell(null),
  })
  let isOver = false
  ask('GET', '/workspace/changes?limit=1').catch((error: unknown) => {
    if (!(error instanceof Refused) || error.status !== 400 || isOver) return
    end()
    const timer = setInterval(() => document.hidden || tell(null), unheardMs)
    end = () => clearInterval(timer)
  })
  return () => {
    isOver = true
    end()
  }
}

function tell(change: Change | null): void {
  const what = change?.entity === 'workspace' ? null : change
  for (const hearer of hearers) hearer(what)
}

/** The conversation that a change is about, if it is about one. */
export function conversationOf({ entity, entity_id, fields }: Change): string | null {
  if (entity === 'conversation' || entity === 'ticket') return entity_id
  return entity === 'conversation_part' ? worthOf(fields['conversation_id']) : null
}

/** The contact that a change is about, if it is about one. */
export function contactOf({ entity, entity_id, fields }: Change): string | null {
  return entity === 'contact' ? entity_id : worthOf(fields['contact_id'])
}

function worthOf(field: Field | undefined): string | null {
  const value = field?.after ?? field?.before
  return value === undefined || value === null ? null : String(value)
}
