import { type NamedKind, type Names, nameReader } from './actions/names.ts'
import { anyPreview } from './actions/preview/any.ts'
import type { OpenCall } from './client/client.ts'
import type { AnyAction, Previewed } from './core/action.ts'
import { portTo } from './core/port.ts'
import { type ClientState, parsedInput, runPreview } from './core/run.ts'

/** For what is read beside an answer, which does not wait long for it. */
const maxBesideMs = 5000

/** For what a person has to see, who is not asked without it. */
const maxPreviewMs = 20_000

/** What is read beside the answers of calls, apart from their outcome. `open` begins a call that lasts so many ms. */
export function besideOf(
  open: (ms: number, signal?: AbortSignal) => OpenCall,
  actionNamed: (name: string) => AnyAction | undefined,
) {
  const briefly = () => portTo(open(maxBesideMs).send)
  const names: (kind: NamedKind) => Promise<Names> = nameReader(briefly)
  return {
    names,
    async remarks(name: string, input: unknown): Promise<readonly string[]> {
      const action = actionNamed(name)
      try {
        return (await action?.remarks?.(briefly(), parsedInput(action, input) as never)) ?? []
      } catch {
        return [] // the call has succeeded
      }
    },
    async preview(
      action: AnyAction,
      input: unknown,
      state: ClientState,
      signal?: AbortSignal,
    ): Promise<Previewed> {
      return await runPreview(action, action.preview ?? anyPreview, input, open(maxPreviewMs, signal), state)
    },
  }
}
