import { isatty } from 'node:tty'
import { approvalsFlag } from '../approvals/deciding.ts'
import { type Command, printJsonLine, say } from '../command.ts'
import type { Flags } from '../flags.ts'
import { policyFlags } from '../serve/callers.ts'
import { type Running, startServing } from '../serve/serving.ts'
import { offerLinks } from '../studio/local.ts'

const flags: Flags = {
  port: { type: 'integer', description: 'port to listen on; 0 picks a free one', default: 8321 },
  host: {
    type: 'string',
    description: 'address to listen on; any but loopback needs an API key',
    default: '127.0.0.1',
  },
  config: { type: 'string', description: 'a JSON file with addresses, keys, policies and limits' },
  journal: {
    type: 'string',
    description: 'a file that keeps what was sent under which Idempotency-Key, also after a crash',
  },
  ...approvalsFlag,
  webhooks: {
    type: 'string',
    description:
      'receive notifications at /webhooks, signed with INTERCOM_CLIENT_SECRET, and keep them in this file',
  },
  forward: {
    type: 'string',
    description: 'with --webhooks: the URL that gets each notification by POST, with an Idempotency-Key',
  },
  studio: {
    type: 'boolean',
    description: 'serve the studio at /studio too, and print a link to it (docs/studio.md)',
  },
  ...policyFlags,
}

/** MCP and REST over HTTP, for agents and workflows on this machine or elsewhere. */
export const serveCommand: Command = {
  usage: '[flags]',
  flags,
  examples: ['serve --local', 'serve --sends confirm', 'serve --config serve.json --journal sends.db'],
  async run(values) {
    const opened: (() => unknown)[] = []
    try {
      const running = await startServing(values, opened)
      greet(running)
      const stopOffering = running.link === null ? () => {} : offerLinks(running.link)
      await untilInterrupted(running.reload)
      stopOffering()
      return 0
    } finally {
      for (const close of opened.toReversed()) await close() // what is left open would keep the process alive
    }
  },
}

function greet({ url, publicUrl, callers, signIn, hasPage, link }: Running): void {
  printJsonLine({ url, ...(link && { studio: link() }) })
  say(
    `MCP is served at ${url}/mcp, REST at ${url}/actions (${url}/docs). Press Ctrl-C to stop it, and again to stop at once.`,
  )
  if (hasPage) say(`Approvals are decided at ${publicUrl}/approvals.`)
  for (const warning of signIn?.warnings ?? []) say(warning)
  if (callers.some(({ keyHash }) => keyHash === null)) say(keyless)
}

const keyless =
  'It asks for no API key: every program on this machine can act in Intercom through it. Set MODULEX_INTERCOM_API_KEY to ask for one.'

/**
 * Resolves at the first SIGINT or SIGTERM; a second one exits at once. SIGHUP reads the configuration again, but for a
 * terminal that was closed, with which the server ends; Windows knows it as nothing else.
 */
function untilInterrupted(reload: () => Promise<void>): Promise<void> {
  return new Promise((resolve) => {
    let times = 0
    const stop = () => {
      times += 1
      if (times > 1) process.exit(1)
      resolve()
    }
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop)
    if (process.platform === 'win32') return
    const inTerminal = isatty(2)
    process.on('SIGHUP', () => {
      if (inTerminal && !isatty(2)) stop()
      else void reload()
    })
  })
}
