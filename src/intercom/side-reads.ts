import { type NamedKind, type Names, nameReader } from '../actions/names.ts'
import { anyPreview } from '../actions/preview/any.ts'
import type { OpenCall } from '../client/client.ts'
import type { AnyAction, Previewed } from '../core/action.ts'
import { portTo } from '../core/port.ts'
import { type ClientState, parsedInput, runPreview } from '../core/run.ts'

/** Nobody waits long for a name or a remark. */
const maxSideReadMs = 5000

/** Nobody is asked to decide without a preview. */
const maxPreviewMs = 20_000

/** What is read apart from calls, for people: it changes no outcome. `open` begins a call that may take so many ms. */
export function sideReads(open: (ms: number, signal?: AbortSignal) => OpenCall, state: ClientState) {
  const briefly = () => portTo(open(maxSideReadMs).send)
  const names: (kind: NamedKind) => Promise<Names> = nameReader(briefly)
  return {
    names,
    async remarks(action: AnyAction, input: unknown): Promise<readonly string[]> {
      try {
        return (await action.remarks?.(briefly(), parsedInput(action, input) as never)) ?? []
      } catch {
        return [] // the call has succeeded
      }
    },
    preview: (action: AnyAction, input: unknown, signal?: AbortSignal): Promise<Previewed> =>
      runPreview(action, action.preview ?? anyPreview, input, open(maxPreviewMs, signal), state),
  }
}
