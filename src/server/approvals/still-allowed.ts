import type { Approval } from '../../approvals/approval.ts'
import { parsedInput } from '../../core/run.ts'
import { type Tool, toolsOf } from '../../tools/policy.ts'
import type { KeyContext } from '../mounts.ts'

type Context = Pick<KeyContext, 'name' | 'access' | 'intercom' | 'shares'>

/**
 * Whether the policies of now allow what was approved under those of then. Callers that are not known here, as of other
 * processes that share the file, are left to whoever knows them.
 */
export function stillAllowed() {
  const callers = new Map<string, { context: Context; tools: ReadonlyMap<string, Tool> }>()
  const gone = new Set<string>()

  function permits(name: string, { action, input, edited }: Approval): boolean {
    const { context, tools } = callers.get(name) ?? {}
    const tool = tools?.get(action)
    if (context === undefined || tool === undefined) return false
    const asked = edited ?? input
    const set = context.access.parameterOverrides?.[action]
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

  return {
    begin(context: Context): void {
      const { actions, toolsets } = context.intercom
      const tools = toolsOf({ ...context.access, toolsets }).filter(
        ({ action }) => (actions as readonly string[] | undefined)?.includes(action.name) ?? true,
      )
      callers.set(context.name, { context, tools: new Map(tools.map((tool) => [tool.action.name, tool])) })
      gone.delete(context.name)
    },
    end({ name }: Context, isGone: boolean): void {
      callers.delete(name)
      if (isGone) gone.add(name)
    },
    allows(approval: Approval): boolean {
      const { caller } = approval
      const [key = ''] = caller.split(':', 1) // of a key in a workspace that it chose
      if (gone.has(caller) || gone.has(key)) return false
      if (callers.has(caller)) return permits(caller, approval)
      if (callers.has(key)) return permits(key, approval)
      if (!caller.includes('@')) return true
      // Of somebody who has not come since the server began: what none of their entries allows, theirs does not.
      const entries = [...callers.values()].filter(({ context: { name, shares } }) => name === shares)
      const own = entries.filter(({ context }) => context.intercom.workspace === approval.workspace)
      return entries.length === 0 || own.some(({ context }) => permits(context.name, approval))
    },
  }
}
