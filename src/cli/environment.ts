import { type Flags, kebab } from './flags.ts'

/** An environment variable that the command line reads, and the commands and `--flags` beside which it matters. */
type Variable = { about: string; beside: readonly string[] }

/** Every variable that is read by its own name. A configuration may name others. */
export const variables: Readonly<Record<string, Variable>> = {
  INTERCOM_ACCESS_TOKEN: { about: "the access token of your workspace's app", beside: ['--base-url'] },
  INTERCOM_API_BASE_URL: {
    about:
      "Intercom's host: https://api.intercom.io (default), https://api.eu.intercom.io or https://api.au.intercom.io",
    beside: ['--base-url', 'connect'],
  },
  INTERCOM_CLIENT_SECRET: {
    about: 'the client secret of your app, which also signs its notifications',
    beside: ['--webhook', '--webhooks', 'connect'],
  },
  INTERCOM_CLIENT_ID: {
    about: 'the client id of your app',
    beside: ['connect'],
  },
  INTERCOM_CONSENT_URL: { about: 'the consent page of a local Developer Hub', beside: ['connect'] },
  MODULEX_INTERCOM_WORKSPACES_KEY: {
    about:
      'the key that encrypts the file of connected workspaces: 32 bytes, as base64 or hexadecimal digits (or the path of a file that holds it in MODULEX_INTERCOM_WORKSPACES_KEY_FILE)',
    beside: ['--workspaces'],
  },
  INTERCOM_WORKSPACE_ADMIN_KEY: {
    about: 'enables the control API of the local Intercom, /_workspace, and opens it',
    beside: ['start', 'studio', 'workspace'],
  },
  MODULEX_INTERCOM_API_KEY: {
    about:
      'the key that callers must send; without one, callers on this machine need none, and others are not served',
    beside: ['serve', 'start', 'studio', '--studio'],
  },
  MODULEX_INTERCOM_OPERATOR_KEY: {
    about: 'the key of the person who decides at /approvals',
    beside: ['serve'],
  },
  HTTPS_PROXY: {
    about: 'the HTTP proxy through which Intercom is reached',
    beside: ['--base-url', 'connect'],
  },
  NO_PROXY: {
    about: 'hosts that are reached without the proxy, comma-separated',
    beside: ['--base-url', 'connect'],
  },
  XDG_STATE_HOME: {
    about:
      "where this user's approvals, connected workspaces and rate limits are kept; ~/.local/state by default",
    beside: ['--approvals', '--rate-limit-file', '--workspaces'],
  },
}

/** Those of every command. */
export const commonVariables: Readonly<Record<string, Variable>> = {
  NO_COLOR: { about: 'no colour', beside: [] },
  FORCE_COLOR: { about: 'colour even where the output is not a terminal', beside: [] },
  XDG_CACHE_HOME: { about: 'where compiled code is cached; ~/.cache by default', beside: [] },
  NODE_EXTRA_CA_CERTS: {
    about: 'a file of certificates to trust, such as that of a proxy that inspects TLS',
    beside: [],
  },
}

/** The variables of a command, each with what it is for. */
export function variablesOf(command: string, flags: Flags): [name: string, about: string][] {
  const places = [command, ...Object.keys(flags).map((flag) => `--${kebab(flag)}`)]
  return Object.entries(variables)
    .filter(([, { beside }]) => beside.some((place) => places.includes(place)))
    .map(([name, { about }]) => [name, about])
}
