import { type Signal, signal } from '@preact/signals'
import type { ComponentType } from 'preact'
import { route, type ViewName } from './router.tsx'
import { messageOf } from './server.ts'

type Loaded = { View: ComponentType }

/** The views: each is read when it is first looked at. `key` follows `g`. */
export const views: Record<ViewName, { title: string; key: string; load: () => Promise<Loaded> }> = {
  desk: { title: 'Desk', key: 'd', load: () => import('../desk/index.tsx') },
  actions: { title: 'Actions', key: 'a', load: () => import('../actions/index.tsx') },
  sends: { title: 'Sends', key: 's', load: () => import('../sends/index.tsx') },
  traffic: { title: 'Traffic', key: 't', load: () => import('../traffic/index.tsx') },
  lab: { title: 'Lab', key: 'l', load: () => import('../lab/index.tsx') },
}

type State = { View?: ComponentType; problem?: string }
const states = new Map<ViewName, Signal<State>>()

/** A view, once it is there; asking for it loads it. */
export function viewOf(name: ViewName): Signal<State> {
  const known = states.get(name)
  if (known !== undefined && known.value.problem === undefined) return known
  const state = known ?? signal<State>({})
  state.value = {}
  states.set(name, state)
  views[name].load().then(
    ({ View }) => {
      state.value = { View }
    },
    (error: unknown) => {
      state.value = { problem: messageOf(error) }
    },
  )
  return state
}

/** What the address asks for is read while the session is. */
export function loadFirst(): void {
  viewOf(route.peek().view ?? 'desk')
}
