import { createRequire } from 'node:module'
import type { Workspace } from '../../src/workspace/index.ts'
import type { Ledger } from './ledger.ts'

/** A client that nobody here wrote. */
export interface Client {
  readonly name: string
  readonly version: string
  /** Every operation that it offers. */
  readonly operations: readonly string[]
  /** Tries them against a workspace. */
  run(running: Running): Promise<void>
}

/** A seeded workspace of a client's own. */
export interface Running {
  readonly workspace: Workspace
  readonly url: string
  readonly accessToken: string
  readonly ledger: Ledger
  /** A visitor of the workspace. */
  readonly visitor: { readonly id: string; readonly user_id: string }
}

/** The version of an installed package. */
export function versionOf(name: string): string {
  return createRequire(import.meta.url)(`${name}/package.json`).version
}
