import { Client as Client4 } from 'intercom-client-4'
import { Client as Client5 } from 'intercom-client-5'
import { type Client, type Running, versionOf } from '../client.ts'
import * as content from './content.ts'
import * as people from './people.ts'
import * as threads from './threads.ts'
import type { World } from './world.ts'

/** Intercom's own SDK as it was written by hand. It sends the token as the user name of HTTP Basic, and no version. */
export const intercomClient4 = official('intercom-client-4', Client4 as unknown as typeof Client5)
export const intercomClient5 = official('intercom-client-5', Client5)

function official(folder: string, Sdk: typeof Client5): Client {
  return {
    name: 'intercom-client',
    version: versionOf(folder),
    operations: ['ping', 'nextPage', ...operationsOf(new Sdk({ tokenAuth: { token: 'none' } }))],
    async run({ url, accessToken, ledger, visitor }: Running) {
      const client = new Sdk({ tokenAuth: { token: accessToken } })
      client.useRequestOpts({ baseURL: url })
      const { admins } = (await client.admins.list()) as unknown as {
        admins: { id: string; has_inbox_seat: boolean }[]
      }
      const email = `${crypto.randomUUID()}@sdk.test`
      const user = await client.contacts.createUser({ email, externalId: email, name: 'Ada' })
      const world: World = {
        client,
        op: ledger.op.bind(ledger),
        leave: ledger.leave.bind(ledger),
        admin: String(admins.find((one) => one.has_inbox_seat)?.id),
        user: { id: user.id, email },
        visitor,
      }
      for (const family of [people, threads, content].flatMap((module) => Object.values(module)))
        await ledger.family(() => family(world))
    },
  }
}

/** Every method of what hangs on a client, by its dotted name; not those that serve another. */
function operationsOf(holder: object, prefix = ''): string[] {
  return Object.entries(holder).flatMap(([name, part]) => {
    if (typeof part !== 'object' || part === null || !isOurs(part)) return []
    const methods = Object.getOwnPropertyNames(Object.getPrototypeOf(part)).filter(
      (method) => !['constructor', 'eachInternal', 'scrollUrl'].includes(method),
    )
    return [
      ...methods.map((method) => `${prefix}${name}.${method}`),
      ...operationsOf(part, `${prefix}${name}.`),
    ]
  })
}

/** Whether a member is one of the SDK's own classes, other than the client to which all of them lead back. */
function isOurs(part: object): boolean {
  const made = Object.getPrototypeOf(part)?.constructor
  return (
    made !== Object &&
    made !== Array &&
    made !== Function &&
    !('axiosInstance' in part) &&
    !('interceptors' in part)
  )
}
