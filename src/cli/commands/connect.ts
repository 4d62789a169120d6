import { hostOf, isLoopback } from '../../client/credentials.ts'
import type { OAuthApp, Region, Workspaces } from '../../connect/index.ts'
import { ended, IntercomError } from '../../errors.ts'
import { type Command, interrupted, printJson, say } from '../command.ts'
import { byLoopback, byPaste } from '../connect/browser.ts'
import { openStore, secretIn, workspacesFlag } from '../connect/file.ts'
import { type Flags, kebab, portFrom, textIn, UsageError } from '../flags.ts'

const usualPort = 8322

const flags: Flags = {
  list: { type: 'boolean', description: 'list the connected workspaces, without their tokens' },
  remove: {
    type: 'string',
    description: 'uninstall the app from this workspace at Intercom, and forget its token',
  },
  forget: {
    type: 'string',
    description: 'forget the token of this workspace, and leave it installed at Intercom',
  },
  rotate: { type: 'boolean', description: 'encrypt every token with the first of several keys' },
  region: { type: 'string', description: 'whose consent page and token address: US, EU, AU', default: 'US' },
  port: {
    type: 'integer',
    description: 'port on 127.0.0.1 that the browser is sent back to',
    default: usualPort,
  },
  redirect_url: {
    type: 'string',
    description: 'another redirect URL of your app; you paste the address that the browser ends at',
  },
  ...workspacesFlag,
}

const help = `Create an app in Intercom's Developer Hub, with http://127.0.0.1:${usualPort}/connect/callback (or the --redirect-url) among its redirect URLs. INTERCOM_CLIENT_ID, INTERCOM_CLIENT_SECRET and MODULEX_INTERCOM_WORKSPACES_KEY can also come from files: INTERCOM_CLIENT_SECRET_FILE=PATH, and so on. Other commands use a connected workspace with --workspace ID.`

/** Connects a workspace by signing in at Intercom, and looks after those that are connected. */
export const connectCommand: Command = {
  usage: '[--list | --remove ID | --forget ID | --rotate]',
  flags,
  examples: ['connect', 'connect --list', 'connect --remove ID'],
  more: help,
  async run(values) {
    const asked = ['list', 'remove', 'forget', 'rotate'].filter((name) => values[name] !== undefined)
    if (asked.length > 1)
      throw new UsageError(`${asked.map((name) => `--${kebab(name)}`).join(' and ')} exclude each other`)
    const app = asked.length === 0 ? appOf(values) : null
    const store = await openStore(values)
    try {
      if (app !== null) return await connectOne(store, app, values)
      if (values['list'] === true) printJson(await store.list())
      else if (values['rotate'] === true)
        printJson({ success: true, error: null, encrypted_anew: await store.rotate() })
      else await forget(store, textIn(values['remove']), textIn(values['forget']))
      return 0
    } catch (error) {
      if (!(error instanceof IntercomError)) throw error
      return failed(error)
    } finally {
      store.close()
    }
  },
}

async function connectOne(
  store: Workspaces,
  app: OAuthApp,
  values: Record<string, unknown>,
): Promise<number> {
  const { consentMs } = await import('../../connect/pending.ts')
  const signal = AbortSignal.any([AbortSignal.timeout(consentMs), stopped()])
  const way = { app, store, signal }
  const port = portFrom(values, 'port', usualPort)
  const connected = await (app.redirectUrl === undefined ? byLoopback(way, port) : byPaste(way))
  if (connected === null) {
    printJson({ success: false, error: 'connect: nobody has agreed. Nothing was connected.' })
    return 1
  }
  printJson({ success: true, error: null, workspace: connected })
  say(`Connected. Use it with --workspace ${connected.id}.`)
  return 0
}

function stopped(): AbortSignal {
  const stop = new AbortController()
  void interrupted().then(() => stop.abort())
  return stop.signal
}

/** Forgets the token of a workspace, of the one to remove once the app is uninstalled there. */
async function forget(
  store: Workspaces,
  toRemove: string | undefined,
  toForget: string | undefined,
): Promise<void> {
  const id = toRemove ?? toForget ?? ''
  const found = await store.find(id)
  if (found === null)
    throw new UsageError(`no workspace ${JSON.stringify(id)} is connected; connect --list shows them`)
  let uninstalled = false
  if (toRemove !== undefined) {
    const { uninstall } = await import('../../connect/index.ts')
    uninstalled = await uninstall(found.base_url, await store.accessToken(id))
    if (!uninstalled) say('Intercom did not know its token any more.')
  }
  await store.remove(id)
  printJson({ success: true, error: null, id, uninstalled })
}

function failed({ message, hint }: IntercomError): number {
  printJson({ success: false, error: `connect: ${ended(message)}${hint === null ? '' : ` ${hint}`}` })
  return 1
}

function appOf(values: Record<string, unknown>): OAuthApp {
  const region = textIn(values['region']) ?? 'US'
  if (region !== 'US' && region !== 'EU' && region !== 'AU') throw new UsageError('--region takes US, EU, AU')
  const [clientId, clientSecret] = [secretIn('INTERCOM_CLIENT_ID'), secretIn('INTERCOM_CLIENT_SECRET')]
  if (clientId === undefined || clientSecret === undefined)
    throw new UsageError(
      'set INTERCOM_CLIENT_ID and INTERCOM_CLIENT_SECRET to those of your app in the Developer Hub',
    )
  return { clientId, clientSecret, region, redirectUrl: textIn(values['redirect_url']), hosts: localHosts() }
}

/** A local Developer Hub, where both variables name this machine; it answers for every region. */
function localHosts(): OAuthApp['hosts'] {
  const [app, api] = [process.env['INTERCOM_CONSENT_URL'], process.env['INTERCOM_API_BASE_URL']]
  if (app === undefined || api === undefined) return undefined
  const isLocal = [app, api].every((url) => isLoopback(URL.parse(url)?.hostname ?? ''))
  if (!isLocal)
    throw new UsageError(
      'INTERCOM_CONSENT_URL is for a local Developer Hub: it and INTERCOM_API_BASE_URL name this machine',
    )
  const both = { app: new URL(app).origin, api: hostOf({ baseUrl: api }).origin }
  const all: Record<Region, typeof both> = { US: both, EU: both, AU: both }
  return all
}
