import type { Flags } from './flags.ts'

/** An environment variable that the command line reads, and the flags or commands beside which it matters. */
type Variable = { about: string; beside: readonly string[] }

/** Every variable that is read by its own name. A configuration may name others. */
export const variables: Readonly<Record<string, Variable>> = {
  INTERCOM_ACCESS_TOKEN: { about: "the access token of your workspace's app", beside: ['base_url'] },
  INTERCOM_API_BASE_URL: {
    about: 'Intercom’s host: https://api.intercom.io unless it is set, or that of the EU or Australia',
    beside: ['base_url'],
  },
  INTERCOM_CLIENT_SECRET: {
    about: 'the client secret of your app, which also signs its notifications',
    beside: ['webhook', 'webhooks', 'connect'],
  },
  INTERCOM_CLIENT_SECRET_FILE: { about: 'a file that holds it instead', beside: ['connect'] },
  INTERCOM_CLIENT_ID: { about: 'the client id of your app', beside: ['connect'] },
  INTERCOM_CONSENT_URL: { about: 'the consent page of a local Developer Hub', beside: ['connect'] },
  MODULEX_INTERCOM_WORKSPACES_KEY: {
    about: 'the key of the file of connected workspaces: 32 bytes, as base64 or hexadecimal digits',
    beside: ['workspaces'],
  },
  MODULEX_INTERCOM_WORKSPACES_KEY_FILE: { about: 'a file that holds it instead', beside: ['workspaces'] },
  INTERCOM_WORKSPACE_ADMIN_KEY: {
    about: 'enables the control API of the local Intercom, /_workspace, and opens it',
    beside: ['start', 'studio', 'workspace'],
  },
  MODULEX_INTERCOM_API_KEY: {
    about: 'the key that callers send; where no key is set, none is asked for, on loopback only',
    beside: ['serve', 'studio'],
  },
  MODULEX_INTERCOM_OPERATOR_KEY: {
    about: 'the key of the person who decides at /approvals',
    beside: ['serve'],
  },
  HTTPS_PROXY: { about: 'the proxy on the way to Intercom; https_proxy likewise', beside: ['base_url'] },
  NO_PROXY: { about: 'hosts that are reached without the proxy, comma-separated', beside: ['base_url'] },
  XDG_STATE_HOME: {
    about: 'the folder of what is kept for this user, ~/.local/state by default',
    beside: ['approvals', 'rate_limit_file'],
  },
}

/** Those of every command. */
export const commonVariables: Readonly<Record<string, Variable>> = {
  NO_COLOR: { about: 'no colours', beside: [] },
  FORCE_COLOR: { about: 'colours also where the output is no terminal', beside: [] },
  XDG_CACHE_HOME: { about: 'the folder of compiled code, ~/.cache by default', beside: [] },
  NODE_EXTRA_CA_CERTS: {
    about: 'certificates to trust, such as those of a proxy that reads TLS',
    beside: [],
  },
}

/** The variables of a command, each with what it is for. */
export function variablesOf(command: string, flags: Flags): [name: string, about: string][] {
  return Object.entries(variables)
    .filter(([, { beside }]) => beside.some((one) => one === command || one in flags))
    .map(([name, { about }]) => [name, about])
}
