import { dirname, resolve } from 'node:path'
import type { FileOfWorkspaces, OAuthApp } from '../../connect/index.ts'
import type { Config } from '../../server/config.ts'
import type { KeyOrToken } from '../../server/key-or-token.ts'
import type { OpenMount } from '../../server/mounts.ts'
import type { ReadinessCheck } from '../../server/readiness.ts'
import { orUsageError, say } from '../command.ts'
import { portFrom, textIn, UsageError } from '../flags.ts'
import { openStore } from './file.ts'

type Values = Record<string, unknown>

/** The connected workspaces of a server, and where they are connected. */
export type Connecting = {
  workspaces: FileOfWorkspaces
  /** `null` where no app is configured. */
  mountFor(people: KeyOrToken): Promise<OpenMount | null>
  ready: ReadinessCheck
}

/** What `connect` in the configuration says; `undefined` where it says nothing. */
export async function connectingOf(
  config: Config,
  values: Values,
  host: string,
): Promise<Connecting | undefined> {
  const { connect } = config
  if (connect === undefined) return undefined
  const server = await import('../../server/index.ts')
  const path = textIn(values['config']) ?? ''
  const sources = { env: process.env, folder: dirname(path) }
  const file = resolve(sources.folder, connect.file)
  const workspaces = await orUsageError(
    async () => {
      if (connect.key_env === undefined && connect.key_file === undefined)
        return await openStore({ workspaces: file })
      const { openWorkspaces } = await import('../../connect/index.ts')
      return openWorkspaces(file, server.secretOf(connect, 'key', 'connect', sources))
    },
    path,
    server.withoutSecrets,
  )
  return {
    workspaces,
    async mountFor(people) {
      const { client_id: clientId, region, open, app_store: appStore } = connect
      if (clientId === undefined) return null
      if (open !== true && people.operators.length === 0)
        throw new UsageError(
          `${path}: connect needs an operator, who alone may connect workspaces: operators, or MODULEX_INTERCOM_OPERATOR_KEY; "open": true lets anybody`,
        )
      const clientSecret = await orUsageError(
        () => server.secretOf(connect, 'client_secret', 'connect', sources),
        path,
        server.withoutSecrets,
      )
      const redirectUrl = `${originOf(config, values, host)}/connect/callback`
      const hosts = connect.hosts as OAuthApp['hosts'] // a part of them, by region
      const app = { clientId, clientSecret, region, redirectUrl, hosts }
      const { connectMount } = await import('../../server/connect/mount.ts')
      say(
        `Workspaces are connected at ${redirectUrl.slice(0, -'/callback'.length)}; the app needs the redirect URL ${redirectUrl}.`,
      )
      return connectMount({ workspaces, app, people, open, appStore, say })
    },
    ready: async () =>
      await workspaces.list().then(
        () => null,
        () => ({ code: 'workspaces_failed', error: 'The file of workspaces cannot be read.' }),
      ),
  }
}

/** Where browsers reach the server. */
function originOf({ listen }: Config, values: Values, host: string): string {
  if (listen?.public_url !== undefined) return listen.public_url
  const port = values['port'] === undefined ? (listen?.port ?? 8321) : portFrom(values)
  if (host !== '127.0.0.1' || port === 0)
    throw new UsageError(
      'connect needs listen.public_url, the address that Intercom sends browsers back to, or a port of its own on 127.0.0.1',
    )
  return `http://127.0.0.1:${port}`
}
