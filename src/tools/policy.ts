import { type Choice, chosen } from '../actions/select.ts'
import { actionNamed, catalogue, withToolsets } from '../actions/toolsets.ts'
import {
  actionNames,
  checkOptions,
  flag,
  isObject,
  type OptionRule,
  oneOf,
  textsOf,
  toolsetNames,
} from '../check-options.ts'
import { type AnyAction, type Effect, effectIn } from '../core/action.ts'
import { type Description, describe, type JsonSchema, parametersOf } from '../core/describe.ts'
import { hostInput } from '../core/host-input.ts'
import { parameterProblem } from '../core/input-problem.ts'
import { didYouMean } from '../core/nearest.ts'
import { IntercomError, invalidInput, quotedName, sentences } from '../errors.ts'
import type { ActionName } from '../intercom.ts'

/** Whether sends are allowed, need a person's confirmation each, or are not offered. */
export type Sends = 'allow' | 'confirm' | 'off'

/** What `approve` names: an effect, whatever is destructive, or an action. */
export type Approvable = Effect | 'destructive' | ActionName

/** What an operator allows a caller to do. */
export type Access = Choice & {
  /** @default 'allow' */
  sends?: Sends | undefined
  /**
   * Exactly what a person has to confirm: effects, `destructive` actions, or actions, whose every call is then asked about.
   * It holds with `sends: 'allow'` too.
   * @default ['send', 'destructive'] with `sends: 'confirm'`, else nothing
   */
  approve?: readonly Approvable[] | undefined
  /** Default values of parameters, by action and parameter. */
  parameterDefaults?: Record<string, Record<string, unknown>> | undefined
  /** Values that a caller cannot change; `null` forbids a parameter. Callers do not see these parameters. */
  parameterOverrides?: Record<string, Record<string, unknown>> | undefined
  /**
   * Names that a host adds to every input and that say nothing about the call: they are dropped, beside those of known
   * hosts. No parameter of an action can be among them.
   */
  ignoredParameters?: readonly string[] | undefined
}

/** An action under an access policy. */
export type Tool = {
  action: AnyAction
  description: Description
  /** Whether a person may have to confirm a call: for lists, where no input is known. */
  mayNeedApproval: boolean
  /** Whether a person has to confirm the call of this input, as the action's schema has parsed it. */
  needsApproval(input: unknown): boolean
  /** The action's input from what the caller gave. Throws an `IntercomError` on what the operator forbids. */
  input(given: unknown): unknown
}

const parameterValues: OptionRule = {
  accepts: (value) => isObject(value) && Object.values(value).every(isObject),
  expected: 'an object of objects: values of parameters, by action and parameter',
}

/** What each option of an access policy accepts. */
export const accessRules = {
  toolsets: toolsetNames,
  readOnly: flag,
  only: actionNames,
  deny: actionNames,
  sends: oneOf('allow', 'confirm', 'off'),
  approve: textsOf('effects and names of actions'),
  parameterDefaults: parameterValues,
  parameterOverrides: parameterValues,
  ignoredParameters: textsOf('names'),
} satisfies Record<keyof Access, OptionRule>

/** The tools that an access policy allows. Throws an `IntercomError` on what is not an option, action, parameter or value. */
export function toolsOf(access: Access): Tool[] {
  checkOptions(access, accessRules)
  const {
    parameterDefaults = {},
    parameterOverrides = {},
    ignoredParameters: ignored = [],
    sends = 'allow',
  } = access
  checkValues('parameterDefaults', parameterDefaults)
  checkValues('parameterOverrides', parameterOverrides)
  const approve = approvable(access)
  const allowed = chosen(access)
  for (const name of ignored) {
    const owner = withToolsets(access.toolsets).find((action) => parametersOf(action).includes(name))
    if (owner !== undefined)
      throw invalidInput(
        `ignoredParameters: ${JSON.stringify(name)} is a parameter of ${owner.name}; leave it out`,
      )
  }
  return allowed
    .filter((action) => !isGrave(action) || sends !== 'off')
    .map((action) => {
      const defaults = parameterDefaults[action.name] ?? {}
      const overrides = parameterOverrides[action.name] ?? {}
      const preset = { ...defaults, ...overrides }
      return {
        action,
        description: narrowed(describe(action), defaults, overrides),
        ...approvalOf(action, approve),
        input: (given) => filled(hostInput(action, given, { preset, ignored }), defaults, overrides),
      }
    })
}

/** It reaches a customer, or destroys what cannot be restored. */
function isGrave({ effect, destructive }: AnyAction): boolean {
  return effect === 'send' || destructive === true
}

const effects: readonly string[] = ['read', 'update', 'create', 'send'] satisfies Effect[]

/** What a person has to confirm. Throws an `IntercomError` on unknown names, and where `confirm` would ask nobody. */
export function approvable({ sends, approve }: Pick<Access, 'sends' | 'approve'>): ReadonlySet<string> {
  if (approve === undefined) return new Set(sends === 'confirm' ? ['send', 'destructive'] : [])
  if (approve.length === 0 && sends === 'confirm')
    throw invalidInput(
      'approve is empty, so that sends: "confirm" would ask nobody: name what a person confirms ("send", "destructive", an action), or leave it out',
    )
  const words = [...effects, 'destructive']
  const known = [...words, ...catalogue.map(({ name }) => name)]
  const wrong = approve.find((name) => !known.includes(name))
  if (wrong === undefined) return new Set(approve)
  const takes = `It takes ${words.join(', ')} and names of actions`
  throw invalidInput(
    sentences(`approve: unknown name ${quotedName(wrong)}`, didYouMean(wrong, known) ?? takes),
  )
}

function approvalOf(
  action: AnyAction,
  approve: ReadonlySet<string>,
): Pick<Tool, 'mayNeedApproval' | 'needsApproval'> {
  const always = approve.has(action.name) || (action.destructive === true && approve.has('destructive'))
  const may = action.effectOf ? effects.some((one) => approve.has(one)) : approve.has(action.effect)
  return {
    mayNeedApproval: always || may,
    needsApproval: (input) => always || approve.has(effectIn(action, input)),
  }
}

/** Checks each value alone by the action's own schema; what a call needs together is checked by the call. */
function checkValues(
  option: 'parameterDefaults' | 'parameterOverrides',
  parameters: Record<string, Record<string, unknown>>,
): void {
  const names = catalogue.map(({ name }) => name)
  for (const [name, values] of Object.entries(parameters)) {
    const action = actionNamed(name)
    if (action === undefined)
      throw invalidInput(
        sentences(`${option}: unknown action ${JSON.stringify(name)}`, didYouMean(name, names)),
      )
    const known = Object.keys(describe(action).parameters)
    for (const [parameter, value] of Object.entries(values)) {
      if (value === null && option === 'parameterOverrides' && known.includes(parameter)) continue // it forbids
      const problem = parameterProblem(action, parameter, value)
      if (problem !== null) throw invalidInput(`${option}: ${name}: ${problem.message}`)
    }
  }
}

/** The description without the parameters an operator has set; those with a default are not required. */
function narrowed(
  description: Description,
  defaults: Record<string, unknown>,
  overrides: Record<string, unknown>,
): Description {
  const { input_schema, parameters } = description
  const properties = input_schema['properties'] as Record<string, JsonSchema>
  const required = ((input_schema['required'] as string[] | undefined) ?? []).filter(
    (name) => !(name in defaults) && !(name in overrides),
  )
  const seen = <T>(all: Record<string, T>) => Object.entries(all).filter(([name]) => !(name in overrides))
  const { required: _, ...rest } = input_schema
  return {
    ...description,
    parameters: Object.fromEntries(
      seen(parameters).map(([name, one]) => [name, { ...one, required: required.includes(name) }]),
    ),
    input_schema: {
      ...rest,
      properties: Object.fromEntries(
        seen(properties).map(([name, schema]) => [
          name,
          name in defaults ? { ...schema, default: defaults[name] } : schema,
        ]),
      ),
      ...(required.length > 0 ? { required } : {}),
    },
  }
}

function filled(
  given: unknown,
  defaults: Record<string, unknown>,
  overrides: Record<string, unknown>,
): unknown {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return given
  const forbidden = Object.keys(overrides).find((name) => Object.hasOwn(given, name))
  if (forbidden !== undefined) {
    throw new IntercomError(`${forbidden} is set by the operator of this server; leave it out`, {
      code: 'not_allowed',
      field: forbidden,
      hint: 'Nothing was sent.',
    })
  }
  const set = Object.entries(overrides).filter(([, value]) => value !== null)
  return { ...defaults, ...given, ...Object.fromEntries(set) }
}
