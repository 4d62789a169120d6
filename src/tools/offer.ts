import { type ToolsetChoice, type ToolsetName, toolsetNames } from '../actions/toolsets.ts'
import type { Approvals, Approver } from '../approvals/holding.ts'
import { checkOptions, type OptionRule, oneOf } from '../check-options.ts'
import { mayBeRounded, roundedNumber } from '../core/exact-json.ts'
import { type Failure, IntercomError, invalidInput, quotedName } from '../errors.ts'
import type { Intercom } from '../intercom.ts'
import { type Grant, mayCall } from './grant.ts'
import { type Mentions, mentioning, mentionsOf } from './mentions.ts'
import { type Access, accessRules, type Tool, toolsOf } from './policy.ts'

/** How much of a result a model sees: what it needs to go on, or everything Intercom sent. */
export type OutputMode = 'compact' | 'full'

/** Options of every adapter for models. */
export type ToolOptions = Access & {
  /**
   * What tool results hold: `compact` for models, `full` for everything Intercom sent.
   * @default 'compact'
   */
  output?: OutputMode | undefined
  /**
   * Where calls wait for a person that a caller cannot ask; made by `holding`. Without it they are refused. The client needs
   * a journal.
   */
  approvals?: Approvals | undefined
  /** What the caller was authorized to do within this policy; by default all of it. */
  grant?: Grant | undefined
}

const grantRule: OptionRule = {
  accepts: (value) => typeof value === 'object' && value !== null && 'allows' in value,
  expected: 'an object that says what is allowed',
}

const approvalsRule: OptionRule = {
  accepts: (value) => typeof value === 'object' && value !== null && 'approver' in value,
  expected: 'what holding() answers',
}

/**
 * Throws an `IntercomError` on unknown options and wrong values. `own`: what an adapter accepts beside those that all
 * have; it checks them first, since `offerOf` gets the rest.
 */
export function checkToolOptions(options: unknown, own: Readonly<Record<string, OptionRule>> = {}): void {
  checkOptions(options, {
    ...accessRules,
    output: oneOf('compact', 'full'),
    approvals: approvalsRule,
    grant: grantRule,
    ...own,
  })
}

/** What an adapter offers over one client: its tools by name, and how much of an answer they show. */
export type Offer = {
  intercom: Pick<Intercom, 'call'> &
    Partial<Pick<Intercom, 'names' | 'remarks' | 'preview'>> & {
      /** Is told of a call that was refused before it came to the client. */
      refused?(name: string, failure: Failure): void
    }
  tools: ReadonlyMap<string, Tool>
  /** What the caller was authorized to do within it. `null`: all. */
  grant: Grant | null
  /** Tools that the policy allows, and the grant does not. */
  withheld: ReadonlyMap<string, Tool>
  output: OutputMode
  /** What holds calls that need a person. `null`: nothing does. */
  approver: Approver | null
  mentions: Mentions
  /** The toolsets that are chosen. */
  toolsets: readonly ToolsetChoice[] | undefined
}

/**
 * Of the actions that the client allows. `exact`: the adapter has read its input with `exactJson`; else whoever parsed
 * it may have rounded numbers. Throws an `IntercomError` on options that name no action or parameter.
 */
export function offerOf(
  intercom: Pick<Intercom, 'call'> &
    Partial<Pick<Intercom, 'actions' | 'toolsets' | 'names' | 'remarks' | 'preview'>>,
  options: ToolOptions,
  exact?: 'exact',
): Offer {
  checkToolOptions(options)
  const { output = 'compact', approvals, grant = null, ...given } = options
  const access = { ...given, toolsets: given.toolsets ?? intercom.toolsets }
  const allowed = toolsOf(access).filter(
    ({ action }) => (intercom.actions as readonly string[] | undefined)?.includes(action.name) ?? true,
  )
  const { tools = [], withheld = [] } = Object.groupBy(allowed, ({ action }) =>
    grant === null || grant.offersAll || mayCall(grant, action) ? 'tools' : 'withheld',
  )
  const wanted = access.toolsets?.includes('all') ? toolsetNames : access.toolsets
  const missing = wanted?.find((set) => intercom.toolsets?.includes(set as ToolsetName) === false)
  if (missing !== undefined)
    throw invalidInput(
      `toolsets: the client was made without "${missing}"; give createIntercom the same toolsets`,
    )
  const mentions = mentionsOf(tools.map(({ action }) => action.name))
  const offered = (exact ? tools : tools.map((tool) => ({ ...tool, input: unrounded(tool.input) }))).map(
    (tool) => ({ ...tool, description: mentioning(tool.description, mentions) }),
  )
  const { toolsets } = access
  const asks = tools.some(({ mayNeedApproval }) => mayNeedApproval)
  return {
    intercom,
    output,
    approver: (asks && approvals?.approver(intercom)) || null,
    mentions,
    toolsets,
    grant,
    withheld: new Map(withheld.map((tool) => [tool.action.name, tool])),
    tools: new Map(offered.map((tool) => [tool.action.name, tool])),
  }
}

function unrounded(input: Tool['input']): Tool['input'] {
  return (given) => {
    const values = typeof given === 'object' && given !== null ? Object.entries(given) : []
    const [field] = values.find(([, value]) => mayBeRounded(value)) ?? []
    if (field === undefined) return input(given)
    throw new IntercomError(`${quotedName(field)} contains ${roundedNumber}`, {
      code: 'invalid_input',
      field,
      hint: 'Nothing was sent.',
    })
  }
}
