import type { Approval } from '../../approvals/approval.ts'
import { parsedInput } from '../../core/run.ts'
import { toolsOf } from '../../tools/policy.ts'
import type { KeyContext } from '../mounts.ts'

/** Tells of what was approved under an earlier policy whether this one allows it. */
export function stillAllowed({
  access,
  intercom: { actions, toolsets },
}: Pick<KeyContext, 'access' | 'intercom'>): (approval: Approval) => boolean {
  const isOffered = (name: string) => (actions as readonly string[] | undefined)?.includes(name) ?? true
  const tools = toolsOf({ ...access, toolsets }).filter(({ action }) => isOffered(action.name))
  const byName = new Map(tools.map((tool) => [tool.action.name, tool]))
  return ({ action, input, edited }) => {
    const tool = byName.get(action)
    if (tool === undefined) return false
    const asked = edited ?? input
    const set = access.parameterOverrides?.[action]
    if (set === undefined) return true
    try {
      const own = Object.entries({ ...(asked as object), ...set }).filter(([key]) => set[key] !== null)
      const texts = [asked, Object.fromEntries(own)].map((one) =>
        JSON.stringify(parsedInput(tool.action, one)),
      )
      return texts[0] === texts[1]
    } catch {
      return false
    }
  }
}
