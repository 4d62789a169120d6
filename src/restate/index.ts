// Durable runs over several machines, on a Restate server.

export type { LogLine } from '../server/log.ts'
export type { BulkRequest, IntercomBulk } from './bulk.ts'
export type { ChunkRequest, ChunkResult, RowProblem } from './bulk-chunk.ts'
export type { Chunk, Plan } from './bulk-plan.ts'
export type { BulkStatus } from './bulk-progress.ts'
export type { IntercomOnce } from './once.ts'
export type { DurableResult } from './response.ts'
export type { IntercomService } from './service.ts'
export {
  intercomServices,
  register,
  type ServicesOptions,
  startWorker,
  type Worker,
  type WorkerLine,
  type WorkerOptions,
} from './worker.ts'
