import { actionNamed, catalogue } from '../../actions/toolsets.ts'
import type { AnyAction, Envelope } from '../../core/action.ts'
import { describe } from '../../core/describe.ts'
import { hostInput } from '../../core/host-input.ts'
import { didYouMean } from '../../core/nearest.ts'
import { failed } from '../../core/run.ts'
import { IntercomError, sentences } from '../../errors.ts'
import { printJson, say } from '../command.ts'
import { connect, connectionFlags, workspaceFlags } from '../connection.ts'
import { variablesOf } from '../environment.ts'
import { type Flag, type Flags, kebab, parseFlags, parseJson, UsageError } from '../flags.ts'
import { stdinText } from '../stdin.ts'

const ownConnection: Flags = { ...connectionFlags, ...workspaceFlags }

const inputFlag: Flags = {
  input: { type: 'string', description: 'all parameters as one JSON object, or - to read it from stdin' },
}

/** `run <action>`: the action's parameters are flags; prints its envelope. */
export async function runCommand(args: string[]): Promise<number> {
  const [name, ...rest] = args
  const names = catalogue.map((action) => action.name)
  if (name === undefined || name.startsWith('-')) {
    if (name === undefined) throw new UsageError('run needs the name of an action: run --help lists them')
    if (name !== '--help' && name !== '-h')
      throw new UsageError(`run needs the name of an action before ${name}`)
    const { blocks, examplesOf, section, usageOf, wrapped } = await import('../help.ts')
    const examples = ['run list_tags --local', 'run get_contact --help']
    const list = `  ${wrapped(names.join(', '), 2)}`
    console.log(blocks([usageOf('run', '<action> [flags]'), section('Actions', list), examplesOf(examples)]))
    return 0
  }
  const action = actionNamed(name)
  if (action === undefined)
    throw new UsageError(sentences(`unknown action ${JSON.stringify(name)}`, didYouMean(name, names)))
  const own = ownFlags(action)
  const flags = runFlags(action)
  const { values, positionals, help } = parseFlags(rest, flags, action.otherNames)
  if (help) {
    console.log(await helpFor(action, own))
    return 0
  }
  if (positionals.length > 0)
    throw new UsageError(`${name} takes flags only, not ${JSON.stringify(positionals[0])}`)
  const output = await perform(action, own, values)
  printJson(output)
  if (values['dry_run'] === true && action.effect !== 'read') say('Dry run: nothing was sent.')
  return output.success ? 0 : 1
}

async function perform(action: AnyAction, own: Flags, values: Record<string, unknown>): Promise<Envelope> {
  let input: unknown
  try {
    input = await inputOf(action, own, values)
  } catch (error) {
    if (error instanceof IntercomError) return failed(action, error, (text) => text).output
    throw error
  }
  const { intercom, close } = await connect(values)
  const output = await intercom.run(action.name, input)
  await close()
  return output
}

async function inputOf(action: AnyAction, own: Flags, values: Record<string, unknown>): Promise<unknown> {
  const { name } = action
  const given = Object.fromEntries(Object.entries(values).filter(([key]) => key in own))
  if (values['input'] === undefined) {
    const missing = Object.keys(own).filter((key) => own[key]?.required && !(key in given))
    if (missing.length > 0) {
      const list = missing.map((key) => `--${kebab(key)}`).join(', ')
      throw new UsageError(`${name} needs ${list}. See run ${name} --help.`)
    }
    return fromFlags(action, given)
  }
  const [first] = Object.keys(given)
  if (first !== undefined) throw new UsageError(`--input and --${kebab(first)} exclude each other`)
  const text = values['input'] === '-' ? await stdinText() : String(values['input'])
  return hostInput(action, parseJson(values['input'] === '-' ? 'stdin' : '--input', text))
}

/** A flag given once may hold a whole list. Throws a `UsageError` that names the flag. */
function fromFlags(action: AnyAction, given: Record<string, unknown>): unknown {
  const entries = Object.entries(given).map(([name, value]) => {
    return [name, Array.isArray(value) && value.length === 1 ? value[0] : value]
  })
  try {
    return hostInput(action, Object.fromEntries(entries))
  } catch (error) {
    if (!(error instanceof IntercomError)) throw error
    const [name = '', ...rest] = error.message.split(' ')
    throw new UsageError(name in given ? [`--${kebab(name)}`, ...rest].join(' ') : error.message)
  }
}

/** The flags of an action: its parameters, and those of every action. */
export function runFlags(action: AnyAction): Flags {
  return { ...ownFlags(action), ...inputFlag, ...ownConnection }
}

function ownFlags(action: AnyAction): Flags {
  const { parameters, input_schema } = describe(action)
  const properties = input_schema['properties'] as Record<string, { enum?: string[] }>
  return Object.fromEntries(
    Object.entries(parameters as Record<string, Flag>) // parameter types are flag types
      .map(([name, flag]) => [name, { ...flag, asText: true, values: properties[name]?.enum ?? [] }]),
  )
}

async function helpFor(action: AnyAction, own: Flags): Promise<string> {
  const { blocks, examplesOf, flagHelp, section, table, usageOf, wrapped } = await import('../help.ts')
  const { name, title, effect, description } = action
  const common = { ...inputFlag, ...ownConnection }
  const required = Object.keys(own).flatMap((key) => (own[key]?.required ? [` --${kebab(key)} …`] : []))
  return blocks([
    usageOf(`run ${name}`, '[flags]'),
    wrapped(`${title} (effect: ${effect}). ${description}`),
    section('Parameters', flagHelp(own) || '  (none)'),
    section('Common', flagHelp(common)),
    examplesOf([`run ${name}${required.join('')} --local`]),
    section('Environment', table(variablesOf('run', common))),
  ])
}
