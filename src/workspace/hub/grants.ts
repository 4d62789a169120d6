import { randomBytes } from 'node:crypto'

/** A code lives about five minutes (docs/intercom-api.md 7). */
const codeMs = 5 * 60_000

type Grant = { clientId: string; workspace: string; until: number }

/** The codes that are out: each is good once, for the app that it was given to. */
export class Grants {
  readonly #codes = new Map<string, Grant>()
  readonly #now: () => number

  constructor(now: () => number) {
    this.#now = now
  }

  /** A code; it ends in `=`, as Intercom's may (docs/intercom-api.md 7). */
  give(clientId: string, workspace: string): string {
    const code = randomBytes(25).toString('base64')
    this.#codes.set(code, { clientId, workspace, until: this.#now() + codeMs })
    return code
  }

  /** The workspace that a code is for; `null` where it is not good, which leaves another app's as it is. */
  take(code: string, clientId: string): string | null {
    const grant = this.#codes.get(code)
    if (grant === undefined || grant.clientId !== clientId) return null
    this.#codes.delete(code)
    return grant.until > this.#now() ? grant.workspace : null
  }
}
