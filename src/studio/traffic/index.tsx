import { useKeys } from '../shell/keys.tsx'
import { Tabs } from '../shell/parts/small.tsx'
import { go, pathOf, route } from '../shell/router.tsx'
import { session } from '../shell/session.ts'
import { LatencyTable } from './latency-table.tsx'
import { LimitWindows } from './limit-windows.tsx'
import { Received } from './received.tsx'
import { RequestList } from './request-list.tsx'
import { Webhooks } from './webhooks.tsx'

const tabs = [
  { id: 'requests', label: 'Requests', Tab: RequestList },
  { id: 'limits', label: 'Rate limits', Tab: LimitWindows },
  { id: 'latency', label: 'Latency', Tab: LatencyTable },
  { id: 'webhooks', label: 'Webhooks', Tab: Webhooks },
  { id: 'received', label: 'Received', Tab: Received },
]

/** What is asked of Intercom, and what it sends by itself. */
export function View() {
  const { parts } = route.value
  const { local = false, name = null, notifications = false } = session.value ?? {}
  const here = tabs.filter(({ id }) =>
    id === 'webhooks' ? local : id === 'received' ? notifications : local || name !== null,
  )
  const chosen = here.find(({ id }) => id === parts[0]) ?? here[0]
  useKeys(
    here.map(({ id, label }, index) => ({
      key: String(index + 1),
      says: label,
      run: () => go(pathOf('traffic', id === 'requests' ? [] : [id])),
    })),
    'Traffic',
  )
  if (chosen === undefined) return null
  return (
    <div class="traffic">
      <Tabs
        label="Traffic"
        tabs={here.map(({ id, label }) => ({
          id,
          label,
          to: pathOf('traffic', id === 'requests' ? [] : [id]),
        }))}
        current={chosen.id}
      />
      <chosen.Tab />
    </div>
  )
}
