import { type Command, interrupted, orUsageError, printJsonLine, say } from '../command.ts'
import { connectionFlags, tokenOf } from '../connection.ts'
import { type Flags, namesIn, textIn, UsageError } from '../flags.ts'
import { portFrom } from './workspace.ts'

const { local: _local, dry_run: _dryRun, ...connection } = connectionFlags

const flags: Flags = {
  port: { type: 'integer', description: 'port to listen on; 0 picks a free one', default: 9080 },
  host: {
    type: 'string',
    description: 'address to listen on; any but loopback needs --identity-key',
    default: '127.0.0.1',
  },
  ingress: {
    type: 'string',
    description: "URL of the Restate server's ingress",
    default: 'http://127.0.0.1:8080',
  },
  register: { type: 'string', description: "register the worker at this URL of the server's admin API" },
  identity_key: {
    type: 'array',
    description: "accept only requests signed with this key of the Restate server, 'publickeyv1_…'",
  },
  files: { type: 'string', description: 'folder of the JSON Lines files that bulk jobs name' },
  ...connection,
}

/** A worker of a Restate server: durable actions and bulk jobs, on one machine or several. */
export const workerCommand: Command = {
  usage: '[--port --host --ingress --register …]',
  summary: 'run durable actions and bulk jobs for a Restate server; prints {"url"} once ready',
  flags,
  async run(values) {
    const { register, startWorker } = await restate()
    const port = values['port'] === undefined ? 9080 : portFrom(values)
    const worker = await orUsageError(() =>
      startWorker({
        accessToken: tokenOf(),
        baseUrl: textIn(values['base_url']) ?? process.env['INTERCOM_API_BASE_URL'],
        readOnly: values['read_only'] === true,
        only: namesIn(values['only']),
        ingress: textIn(values['ingress']),
        identityKeys: values['identity_key'] as string[] | undefined, // of a repeatable flag
        files: textIn(values['files']),
        host: textIn(values['host']),
        port,
        log: (line) => say(JSON.stringify(line)),
      }),
    )
    const admin = textIn(values['register'])
    if (admin !== undefined) {
      await orUsageError(() => register(admin, worker.url)).catch(async (error: unknown) => {
        await worker.close()
        throw error
      })
    }
    printJsonLine({ url: worker.url })
    say(
      `The worker listens on ${worker.url}${admin === undefined ? '. Register it with your Restate server' : ' and is registered'}. Press Ctrl-C to stop it.`,
    )
    await interrupted()
    await worker.close()
    return 0
  },
}

async function restate(): Promise<typeof import('../../restate/index.ts')> {
  try {
    return await import('../../restate/index.ts')
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND')) throw error
    throw new UsageError('worker needs the Restate SDK: npm install @restatedev/restate-sdk')
  }
}
