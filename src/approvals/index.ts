// Subpath `/approvals`: calls that wait for a person's decision, in a file of one machine.

export type { Preview } from '../core/preview.ts'
export type {
  Approval,
  ApprovalState,
  ApprovalStore,
  Change,
  Decision,
  Listing,
  Road,
} from './approval.ts'
export { approvalsFile, type Files } from './file.ts'
export {
  type Answered,
  type Approvals,
  type Approver,
  type HoldingOptions,
  holding,
  noteOf,
} from './holding.ts'
export { keepPerforming } from './keep-performing.ts'
export { type Performed, type PerformingClient, perform } from './perform.ts'
export { openApprovals } from './store.ts'
