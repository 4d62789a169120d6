import { type NamedKind, type Names, nameReader } from './actions/names.ts'
import type { Send } from './client/request.ts'
import type { AnyAction } from './core/action.ts'
import { portTo } from './core/port.ts'
import { parsedInput } from './core/run.ts'

/** For what is read beside an answer, which does not wait long for it. */
const maxBesideMs = 5000

/** What is read beside the answers of calls, apart from their outcome. `open` begins a call that lasts so many ms. */
export function besideOf(open: (ms: number) => Send, actionNamed: (name: string) => AnyAction | undefined) {
  const briefly = () => portTo(open(maxBesideMs))
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
  }
}
