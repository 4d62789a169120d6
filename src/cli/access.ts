import type { OutputMode } from '../tools/invoke.ts'
import type { Sends } from '../tools/policy.ts'
import { type Flags, UsageError } from './flags.ts'

/** The flags of every command that offers the actions to others. */
export const accessFlags: Flags = {
  deny: { type: 'string', description: 'offer all actions but these, comma-separated' },
  sends: {
    type: 'string',
    description: 'what reaches customers: allow, confirm (a person is asked each time), off',
    default: 'allow',
  },
  output: { type: 'string', description: 'what models see: compact, or full', default: 'compact' },
}

/** What those flags say. */
export function accessOf(values: Record<string, unknown>): {
  deny: string[] | undefined
  sends: Sends
  output: OutputMode | undefined
} {
  const { deny, output } = values
  return {
    deny: typeof deny === 'string' ? deny.split(',').map((name) => name.trim()) : undefined,
    sends: oneOf('sends', values['sends'] ?? 'allow', ['allow', 'confirm', 'off']),
    output: output === undefined ? undefined : oneOf<OutputMode>('output', output, ['compact', 'full']),
  }
}

function oneOf<Value extends string>(flag: string, given: unknown, values: readonly Value[]): Value {
  const value = values.find((one) => one === given)
  if (value === undefined) throw new UsageError(`--${flag} takes ${values.join(', ')}`)
  return value
}
