import { signal } from '@preact/signals'
import { type Change, onChange } from './changes.ts'
import { type Admin, intercom, type Named } from './intercom.ts'
import { type Kept, kept } from './kept.ts'

type Names = {
  admins: Admin[]
  teams: Named[]
  tags: Named[]
}

/** Teammates, teams and tags of the workspace, kept up to date. */
export const names = signal<Names | null>(null)

let reading: Kept | undefined
const watched = ['admin', 'team', 'tag']

/** Reads the names and follows their changes for as long as the desk is open. */
export function followNames(): () => void {
  const own = kept(async (stopping) => {
    const [admins, teams, tags] = await Promise.all([
      intercom<{ admins: Admin[] }>('GET', '/admins', undefined, stopping),
      intercom<{ teams: Named[] }>('GET', '/teams', undefined, stopping),
      intercom<{ data: Named[] }>('GET', '/tags', undefined, stopping),
    ])
    names.value = {
      admins: admins.admins,
      teams: teams.teams.toSorted(byName),
      tags: tags.data.toSorted(byName),
    }
  }, 500)
  reading = own
  own.poke()
  const end = onChange((change: Change | null) => {
    if (change === null || watched.includes(change.entity)) own.poke()
  })
  return () => {
    end()
    own.stop()
    if (reading === own) reading = undefined
  }
}

export function namesProblem(): string | null {
  return reading?.problem.value ?? null
}

/** Somebody's name, or what stands in for one. */
export function adminName(id: string | number | null | undefined): string {
  if (id === null || id === undefined) return 'Nobody'
  return names.value?.admins.find((one) => one.id === String(id))?.name ?? `Teammate ${id}`
}

export function teamName(id: string | number): string {
  return names.value?.teams.find((one) => one.id === String(id))?.name ?? `Team ${id}`
}

function byName(a: Named, b: Named): number {
  return a.name.localeCompare(b.name)
}
