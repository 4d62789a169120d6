// Many rows of one action from a file: checked, sent once each, resumed after any interruption.

export { type BulkListener, runBulk, type Sender, type Summary } from './bulk.ts'
export { openInput, streamInput } from './input-file.ts'
export type { ReasonGroup } from './reasons.ts'
export type { CheckedRow, WorkspaceCheck } from './row.ts'
export { type BadRows, type CheckResult, checkFile } from './rows.ts'
