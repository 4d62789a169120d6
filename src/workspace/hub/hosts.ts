/** A region of Intercom. */
export type Region = 'US' | 'EU' | 'AU'

/** The hosts of Intercom by name: where people consent, and the API (docs/intercom-api.md 1.1, 7). */
export const hosts = {
  'app.intercom.com': { kind: 'app', region: 'US' },
  'app.eu.intercom.com': { kind: 'app', region: 'EU' },
  'app.au.intercom.com': { kind: 'app', region: 'AU' },
  'api.intercom.io': { kind: 'api', region: 'US' },
  'api.eu.intercom.io': { kind: 'api', region: 'EU' },
  'api.au.intercom.io': { kind: 'api', region: 'AU' },
} as const satisfies Record<string, { kind: 'app' | 'api'; region: Region }>

export type HostName = keyof typeof hosts
export type Host = (typeof hosts)[HostName]

export const hostNames = Object.keys(hosts) as HostName[] // the keys of the table above

export function isHostName(name: string): name is HostName {
  return Object.hasOwn(hosts, name)
}

/** Whether a host answers for a workspace: those of the US route the calls of other regions (docs/intercom-api.md 1.1). */
export function serves(host: Host, region: string): boolean {
  return host.region === 'US' || host.region === region
}
