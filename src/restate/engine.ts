import type { Intercom } from '../intercom.ts'
import type { LiveSteps } from './live-steps.ts'
import type { Slots } from './slots.ts'

/** What the handlers of one worker share. */
export type Engine = {
  intercom: Pick<Intercom, 'call'>
  /** The journal that the client was made with. */
  steps: LiveSteps
  slots: Slots
  /** The folder that bulk jobs read files from. */
  files: string | undefined
}
