// Many rows of one action from a file: checked, sent once each, taken up again after any interruption.

export { runBulk, type Sender, type Summary, type Watch } from './bulk.ts'
export { type Checked, checkFile } from './check.ts'
export { openInput, streamInput } from './input-file.ts'
export type { Outcomes } from './outcomes.ts'
export { evenly } from './throttle.ts'
