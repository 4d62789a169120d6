import type { Journal } from '../../core/journal.ts'
import type { Operator } from '../../server/approvals/operator.ts'
import type { Caller } from '../../server/caller.ts'
import type { Config } from '../../server/config.ts'
import type { Reloads } from '../../server/reloads.ts'
import type { Serving } from '../../server/server.ts'
import type { SignIn } from '../../server/sign-in/sign-in.ts'
import { approvalFilesOf, holdFor, operatorsFor } from '../approvals/deciding.ts'
import { orUsageError, say } from '../command.ts'
import { textIn, UsageError } from '../flags.ts'
import { configOf, type Deciding, type Stores, sourcesOf, type Values } from './callers.ts'

/** A server whose configuration may be read again. */
type Reloadable = {
  config: Config
  values: Values
  journal: Journal | undefined
  store: Stores['store']
  /** Whether its callers come from the configuration. */
  isKeyed: boolean
  deciding: Deciding | null
  /** Both are changed in place: whoever holds one of them sees the present callers. */
  callers: Caller[]
  operators: Operator[]
  signIn: SignIn | undefined
  status: Reloads
  prepare: Serving['prepare']
  /** Is told of a new configuration in the same turn in which it takes effect. */
  taken(signIn: SignIn | undefined): void
}

/** Takes over keys, operators and entries of `auth` from a configuration that was changed: all of it, or nothing. */
export async function reloading(options: Reloadable) {
  const { callersOf, fixedParts, renewOperators, withoutSecrets } = await import('../../server/index.ts')
  const { values, journal, store, isKeyed, deciding, callers, operators, status, prepare, taken } = options
  const path = textIn(values['config'])
  const sources = sourcesOf(values, store)
  const fixed = fixedParts(options.config, sources)
  let { signIn } = options
  let last: Promise<void> = Promise.resolve()

  async function checkFixed(next: Config): Promise<void> {
    const now = await orUsageError(() => fixedParts(next, sources), path, withoutSecrets)
    const other = [...new Set([...fixed.keys(), ...now.keys()])].filter(
      (one) => fixed.get(one) !== now.get(one),
    )
    if (deciding === null && (await approvalFilesOf(next, values)) !== null)
      other.push('approvals (a call may wait for a person now, and no file of approvals is open)')
    if (other.length > 0) throw new UsageError(`${path}: this needs a restart: ${other.join(', ')}`)
  }

  async function take(): Promise<string> {
    const next = await configOf(values)
    await checkFixed(next)
    const { keys = [], auth } = next
    const make = () => {
      const made = isKeyed ? callersOf(keys, sources, journal, callers) : [...callers]
      holdFor(made, deciding)
      return { made, signedIn: auth && signIn?.withEntries(auth.allow) }
    }
    const { made, signedIn } = await orUsageError(make, path, withoutSecrets)
    const people = operators.length === 0 ? [] : await operatorsFor(next, values, made)
    const begin = await orUsageError(() => prepare({ callers: made, signIn: signedIn }), path, withoutSecrets)
    const told = changesOf(callers, made)
    callers.splice(0, callers.length, ...made)
    renewOperators(operators, people)
    begin()
    signIn = signedIn
    taken(signedIn)
    return told
  }

  async function reload(): Promise<void> {
    if (path === undefined)
      return say('There is no --config to reload, and a process keeps its environment: nothing has changed.')
    try {
      const told = await take()
      status.came(true)
      say(`${path} was reloaded${told}.`)
    } catch (error) {
      status.came(false)
      const reason = error instanceof Error ? error.message : String(error)
      const since = new Date(status.since()).toISOString()
      say(
        `The configuration was NOT reloaded: ${reason}. All of the one loaded at ${since} stays in effect: no key was added, withdrawn or narrowed. Fix this and send SIGHUP again, or restart.`,
        'red',
      )
    }
  }

  return {
    /** One after the other, in the order in which they were asked for. */
    reload(): Promise<void> {
      last = last.then(reload)
      return last
    },
  }
}

/** The names of the keys that have changed. */
function changesOf(before: readonly Caller[], now: readonly Caller[]): string {
  const names = (all: readonly Caller[]) => all.map(({ name }) => name).join(', ')
  const without = (all: readonly Caller[], others: readonly Caller[]) =>
    all.filter(({ name }) => !others.some((one) => one.name === name))
  const changed = now.filter((one) => before.some(({ name }) => name === one.name) && !before.includes(one))
  const parts = [
    ['new', without(now, before)],
    ['gone', without(before, now)],
    ['changed', changed],
  ] as const
  return parts.flatMap(([what, all]) => (all.length === 0 ? [] : [`; ${what}: ${names(all)}`])).join('')
}
