// Subpath `/approvals`: calls that wait for a person's decision, in a file of one machine.

export type { Result } from '../core/action.ts'
export type { Preview } from '../core/preview.ts'
export type {
  Approval,
  ApprovalState,
  ApprovalStore,
  Asker,
  Change,
  Decision,
  Found,
  HeldCall,
  Listing,
  Road,
} from './approval.ts'
export { approvalsFile, type Files } from './file.ts'
export {
  type Answered,
  type Approvals,
  type Approver,
  type AskedCall,
  type Held,
  type HoldingOptions,
  holding,
  type LookUp,
  noteOf,
} from './holding.ts'
export { type KeepOptions, keepPerforming } from './keep-performing.ts'
export { type Performed, type PerformingClient, perform } from './perform.ts'
export { type ApprovalsOptions, openApprovals } from './store.ts'
