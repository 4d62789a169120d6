import type { AdminWithApp } from '../../actions/types/admin.ts'
import { credentials, isLoopback, regions } from '../../client/credentials.ts'
import { tokenOwner } from '../../client/token-owner.ts'
import { errorText } from '../../core/run.ts'
import { IntercomError } from '../../errors.ts'
import { type Command, printJson, say } from '../command.ts'
import { connect, connectionFlags } from '../connection.ts'

const { local, base_url } = connectionFlags

/** Whether the access token works, whose it is, and whether it is used at its own region's host. */
export const checkCommand: Command = {
  usage: '[--local]',
  summary: 'check the access token: prints its admin, workspace and region',
  flags: { ...(local ? { local } : {}), ...(base_url ? { base_url } : {}) },
  async run(values) {
    const { options, close } = await connect(values)
    const credential = credentials(options)
    const { redact, ask } = tokenOwner(credential, options.rateLimitFile)
    try {
      const { me } = await ask()
      report(me as AdminWithApp, credential.origin)
      return 0
    } catch (error) {
      if (!(error instanceof IntercomError)) throw error
      printJson({ success: false, error: redact(`check: ${errorText(error)}`) })
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

function report(me: AdminWithApp, origin: string): void {
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
  })
  say(`The access token works: ${me.name} <${me.email}> in ${me.app?.name ?? 'an unnamed workspace'}.`)
  if (isHome === false) {
    say(
      `This workspace is in region ${region}, but the base URL is ${origin}. Set INTERCOM_API_BASE_URL=${host}`,
    )
  }
}
