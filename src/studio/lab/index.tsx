import type { ComponentType } from 'preact'
import { useKeys } from '../shell/keys.tsx'
import { Tabs } from '../shell/parts/small.tsx'
import { go, pathOf, route } from '../shell/router.tsx'
import { Changes } from './changes.tsx'
import { ClockTab } from './clock.tsx'
import { Data } from './data.tsx'
import { Faults } from './faults.tsx'
import { Limits } from './limits.tsx'

const tabs: readonly { id: string; label: string; Tab: ComponentType }[] = [
  { id: 'changes', label: 'Changes', Tab: Changes },
  { id: 'faults', label: 'Faults', Tab: Faults },
  { id: 'clock', label: 'Clock', Tab: ClockTab },
  { id: 'limits', label: 'Limits', Tab: Limits },
  { id: 'data', label: 'Data', Tab: Data },
]

/** The local Intercom from outside its API: everything here is an endpoint of its control plane. */
export function View() {
  const chosen = tabs.find(({ id }) => id === route.value.parts[0]) ?? tabs[0]
  useKeys(
    tabs.map(({ id, label }, index) => ({
      key: String(index + 1),
      says: label,
      run: () => go(pathOf('lab', [id])),
    })),
    'Lab',
  )
  if (chosen === undefined) return null
  return (
    <div class="lab">
      <Tabs
        label="Lab"
        tabs={tabs.map(({ id, label }) => ({ id, label, to: pathOf('lab', [id]) }))}
        current={chosen.id}
      />
      <chosen.Tab />
    </div>
  )
}
