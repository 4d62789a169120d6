import fc from 'fast-check'
import { ACTIONS } from './actions.ts'
import { checkTown, openTown } from './town.ts'

const step = fc.record({
  action: fc.constantFrom(...Object.keys(ACTIONS)),
  person: fc.nat(5),
  conversation: fc.nat(5),
  seconds: fc.integer({ min: 1, max: 500 }),
})
/** Every town begins with somebody who talks, else most steps would find nobody. */
const opening = fc.constantFrom('talkOfContact', 'talkOfAdmin')

/** Whatever is done in whatever order, conversations and lists keep to the rules. `done`: how often each was. */
export const towns = (done: Record<string, number>) =>
  fc.asyncProperty(
    opening,
    fc.array(step, { maxLength: 25, size: 'max' }),
    fc.nat(2),
    async (begin, steps, more) => {
      const town = await openTown()
      try {
        const first = { person: 0, conversation: 0, seconds: 1 }
        for (const action of ['newUser', 'newLead', begin]) await ACTIONS[action]?.(town, first)
        for (const { action, ...choice } of steps) {
          town.pass(choice.seconds)
          await ACTIONS[action]?.(town, choice)
          done[action] = (done[action] ?? 0) + 1
        }
        await checkTown(town, 1 + more)
      } finally {
        await town.desk.workspace.close()
      }
    },
  )
