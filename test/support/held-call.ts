import type { CallOptions, Intercom } from '../../src/index.ts'

/** A client whose call lasts until its signal aborts: `ended` resolves then, and rejects for a call without one. */
export function heldCall() {
  const begun = Promise.withResolvers<void>()
  const ended = Promise.withResolvers<void>()
  async function call(_name: string, _input: unknown, { signal }: CallOptions = {}) {
    if (signal === undefined) ended.reject(new Error('the call has no signal'))
    signal?.addEventListener('abort', () => ended.resolve())
    begun.resolve()
    await ended.promise
    return { output: { success: false, error: 'aborted', result: null }, failure: null, trace: {} }
  }
  const intercom = { call } as unknown as Pick<Intercom, 'call'> // all that adapters use
  return { intercom, begun: begun.promise, ended: ended.promise }
}
