import { dirname, resolve } from 'node:path'
import { isLoopback } from '../../client/credentials.ts'
import type { Operator } from '../../server/approvals/operator.ts'
import type { ServedApprovals } from '../../server/approvals/serving.ts'
import type { Caller } from '../../server/caller.ts'
import type { Config } from '../../server/config.ts'
import type { KeyOrToken } from '../../server/key-or-token.ts'
import type { CurrentSignIn } from '../../server/sign-in/sign-in.ts'
import { orUsageError, say } from '../command.ts'
import { type Flags, namesIn, textIn, UsageError } from '../flags.ts'

type Values = Record<string, unknown>

/** The flag of the server's held calls. */
export const approvalsFlag: Flags = {
  approvals: {
    type: 'string',
    description: 'the file of approvals; by default beside the journal, without a journal one per user',
  },
}

/** The files of a server's approvals; `null` where no call needs a person. */
export async function approvalFilesOf(config: Config, values: Values) {
  const own = values['sends'] === 'confirm' || (namesIn(values['approve']) ?? []).some((name) => name !== '')
  const entries = [...(config.keys ?? []), ...(config.auth?.allow ?? [])]
  const asks = entries.some(({ sends, approve = [] }) => sends === 'confirm' || approve.length > 0)
  const isAsked = config.operators !== undefined || config.approvals !== undefined
  if (!(asks || (config.keys === undefined && own)) && !isAsked && values['approvals'] === undefined)
    return null
  const folder = dirname(textIn(values['config']) ?? '')
  const given = (flag: string, file: string | undefined) =>
    textIn(values[flag]) ?? (file && resolve(folder, file))
  const { approvalsFile } = await import('../../approvals/file.ts')
  return await orUsageError(() =>
    approvalsFile({
      approvals: given('approvals', config.approvals?.file),
      journal: given('journal', config.journal),
      state: process.env['XDG_STATE_HOME'],
    }),
  )
}

type Deciding = {
  file: string
  config: Config
  values: Values
  host: string
  /** The embedded Intercom that is called, if any. */
  local: object | undefined
  operators: Operator[]
  signIn: CurrentSignIn
  people: KeyOrToken
}

/** Where people decide on the calls of a server, opened. Sets on each caller what holds its calls. */
export async function decidingOn(
  { file, config, values, host, local, operators, signIn, people }: Deciding,
  callers: Caller[],
) {
  const server = await import('../../server/index.ts')
  const { listen = {}, approvals = {} } = config
  const { public_url: publicUrl } = listen
  if (operators.length > 0 && !isLoopback(host) && publicUrl === undefined)
    throw new UsageError(
      'operators need listen.public_url, the address that links to approvals begin with, where others can reach the server',
    )
  const sources = { env: process.env, folder: dirname(textIn(values['config']) ?? '') }
  const { notify_url: url, expires_hours: hours } = approvals
  const place = textIn(values['config'])
  const notifier = await orUsageError(
    () =>
      url === undefined
        ? undefined
        : server.notifierTo({
            url,
            secret: server.secretOf(approvals, 'notify_secret', 'approvals', sources),
            onFailure: say,
          }),
    place,
    server.withoutSecrets,
  )
  const { openApprovals } = await import('../../approvals/store.ts')
  const { waitingApprovals: waiting } = server.limitsOf(config.limits)
  const store = await orUsageError(() => openApprovals(file, { waiting }))
  const expiresMs = hours === undefined ? undefined : hours * 3_600_000
  const isInStudio = values['studio'] === true && local !== undefined
  const page = isInStudio ? '/studio/sends/approvals' : undefined
  const served = server.servedApprovals({
    ...{ store, operators, signIn, publicUrl, expiresMs, notifier, page },
    sessions: server.sessionsOf(people),
  })
  holdFor(callers, served)
  if (operators.length === 0 && !isInStudio)
    say(
      `Calls that need a person wait in ${file}; \`modulex-intercom approvals --approvals ${file}\` decides. No operator is configured, so there is no page: set MODULEX_INTERCOM_OPERATOR_KEY, or operators in --config.`,
    )
  return { ...served, operators, hasPage: operators.length > 0 }
}

/** Where the calls of these callers are held, and those of whoever comes in their name. */
export function holdFor(callers: readonly Caller[], deciding: Pick<ServedApprovals, 'heldBy'> | null): void {
  for (const caller of callers) {
    caller.approvals = deciding?.heldBy(caller.name)
    caller.heldBy = deciding?.heldBy
  }
}

/** The operators of a configuration, or the one of the environment. */
export async function operatorsFor(config: Config, values: Values, callers: Caller[]) {
  const server = await import('../../server/index.ts')
  const path = textIn(values['config'])
  const sources = { env: process.env, folder: dirname(path ?? '') }
  const { operators } = config
  if (operators !== undefined)
    return await orUsageError(
      () => server.operatorsOf(operators, sources, callers),
      path,
      server.withoutSecrets,
    )
  const variable = 'MODULEX_INTERCOM_OPERATOR_KEY'
  const key = process.env[variable]?.trim()
  if (key === undefined) return []
  if (key === '')
    throw new UsageError(
      `${variable} is set but empty: set it to a key (\`openssl rand -hex 32\` makes one), or unset it`,
    )
  const operator = {
    name: 'operator',
    keyHash: await orUsageError(() => server.checkedKeyHash(key, variable)),
    callers: null,
    ended: new AbortController(),
  }
  await orUsageError(() => server.checkOwnKey(operator, callers, variable))
  return [operator]
}
