import { actAs, acting, teammates } from './acting.ts'
import { names } from './names.ts'

/** Chooses the teammate that the desk acts as. */
export function ActingAs() {
  if (names.value === null) return null
  if (teammates.value.length === 0) return <p class="quiet">No teammate has an inbox seat to act as.</p>
  return (
    <label class="desk-acting">
      Acting as{' '}
      <select value={acting.value?.id ?? ''} onChange={(event) => actAs(event.currentTarget.value)}>
        {teammates.value.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
    </label>
  )
}
