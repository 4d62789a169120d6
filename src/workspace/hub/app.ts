/** An app as it is set up in the Developer Hub, for workspaces of others to install. */
export interface HubApp {
  readonly client_id: string
  /** Signs what the app is told of an installation. */
  readonly client_secret: string
  /** https, or http on this machine. The first is the default. */
  readonly redirect_urls: readonly string[]
  /** An http URL on this machine that is told when a workspace uninstalls the app. */
  readonly uninstall_url?: string | undefined
  /** An http URL on this machine that is asked whether an installation works. */
  readonly health_check_url?: string | undefined
}

/** Throws a `TypeError` for what no app can be set up with. */
export function checkApp({ client_id, client_secret, redirect_urls, ...urls }: HubApp): void {
  if (!/^[\w-]{1,100}$/.test(client_id))
    throw new TypeError('client_id must be letters, digits, "-" and "_".')
  if (!/^\S{8,200}$/.test(client_secret))
    throw new TypeError('client_secret must be 8 to 200 characters without whitespace.')
  if (redirect_urls.length === 0) throw new TypeError('redirect_urls must name one URL or more.')
  for (const url of redirect_urls) {
    const parsed = URL.parse(url)
    if (parsed === null || (parsed.protocol !== 'https:' && !isOnThisMachine(parsed)) || parsed.hash !== '')
      throw new TypeError('redirect_urls takes https URLs, or http URLs on this machine.')
  }
  for (const [name, url] of Object.entries(urls)) {
    const parsed = URL.parse(url ?? 'http://127.0.0.1')
    if (parsed === null || !isOnThisMachine(parsed))
      throw new TypeError(`${name} must be an http URL on this machine.`)
  }
}

function isOnThisMachine({ protocol, hostname }: URL): boolean {
  return protocol === 'http:' && /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(hostname)
}
