import type { AdminWithApp } from '../../actions/types/admin.ts'
import { connectionOf, isLoopback, regions } from '../../client/credentials.ts'
import { type HttpProxy, proxyFor } from '../../client/proxy.ts'
import { tokenOwner } from '../../client/token-owner.ts'
import { errorText } from '../../core/run.ts'
import { IntercomError } from '../../errors.ts'
import { type Command, printJson, say } from '../command.ts'
import { connect, connectionFlags, workspaceFlags } from '../connection.ts'

const { local, base_url } = connectionFlags

/** Whether the access token works, whose it is, whether it is used at its own region's host, and by which proxy. */
export const checkCommand: Command = {
  usage: '[flags]',
  flags: { local, base_url, ...workspaceFlags },
  examples: ['check', 'check --local'],
  async run(values) {
    const { options, close } = await connect(values)
    const credential = connectionOf(options)
    const proxy = shown(proxyFor(credential.origin))
    const { redact, ask } = tokenOwner(credential, options.rateLimitFile)
    try {
      const { me } = await ask()
      report(me as AdminWithApp, credential.origin, proxy)
      return 0
    } catch (error) {
      if (!(error instanceof IntercomError)) throw error
      printJson({ success: false, error: redact(`check: ${errorText(error)}`), proxy })
      return 1
    } finally {
      await close()
    }
  },
}

/**
 * The host of a region, and whether `origin` is it; `null` where that is not known: an undocumented region, or a
 * host on this machine.
 */
export function homeOf(
  region: string | null,
  origin: string,
): { host: string | null; isHome: boolean | null } {
  const host = Object.entries(regions).find(([name]) => name === region)?.[1] ?? null
  const known = host !== null && !isLoopback(new URL(origin).hostname)
  return { host, isHome: known ? host === origin : null }
}

type ShownProxy = Pick<HttpProxy, 'url' | 'variable'> | null

function shown(proxy: HttpProxy | null): ShownProxy {
  return proxy && { url: proxy.url, variable: proxy.variable }
}

function exempted(origin: string): boolean {
  try {
    return proxyFor(origin, { ...process.env, NO_PROXY: '', no_proxy: '' }) !== null
  } catch {
    return true
  }
}

function report(me: AdminWithApp, origin: string, proxy: ShownProxy): void {
  const region = me.app?.region ?? null
  const { host, isHome } = homeOf(region, origin)
  printJson({
    success: true,
    error: null,
    admin: { id: me.id, name: me.name, email: me.email },
    workspace: {
      id: me.app?.id_code ?? null,
      name: me.app?.name ?? null,
      timezone: me.app?.timezone ?? null,
    },
    region,
    base_url: origin,
    region_base_url: host,
    is_home_region: isHome,
    proxy,
  })
  say(`The access token works: ${me.name} <${me.email}> in ${me.app?.name ?? 'an unnamed workspace'}.`)
  if (proxy !== null) say(`Intercom is reached through the proxy ${proxy.url} (${proxy.variable}).`)
  else if (exempted(origin)) say(`No proxy is used: NO_PROXY lists ${new URL(origin).host}.`)
  if (isHome === false) {
    say(
      `This workspace is in region ${region}, but the base URL is ${origin}. Set INTERCOM_API_BASE_URL=${host}`,
    )
  }
}
