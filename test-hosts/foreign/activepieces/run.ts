import { type Client, type Running, versionOf } from '../client.ts'
import { hooksOf, secret } from '../hooks.ts'
import { redirectIntercom } from '../redirect.ts'
import { type Row, restOf } from '../rest.ts'
import { filledActions } from './actions.ts'
import { piece } from './piece.ts'
import { makeNews, openWorld } from './world.ts'

/** Intercom's piece for Activepieces: its actions are run with filled-in fields, its triggers with real webhooks. */
export const activepieces: Client = {
  name: '@activepieces/piece-intercom',
  version: versionOf('@activepieces/piece-intercom'),
  operations: [
    'validate',
    ...Object.keys(piece.actions()).map((name) => `action ${name}`),
    ...Object.keys(piece.triggers()).map((name) => `trigger ${name}`),
  ],
  async run({ workspace, url, accessToken, ledger }: Running) {
    const rest = restOf(url, accessToken)
    const world = await openWorld(rest)
    const hooks = await hooksOf(workspace, () => makeNews(rest, world))
    const end = redirectIntercom(url)
    const auth = { type: 'CUSTOM_AUTH', props: { accessToken, region: 'intercom' } }
    try {
      const connection = piece.auth.find(({ type }) => type === 'CUSTOM_AUTH')
      await ledger.family(() =>
        ledger.op(
          'validate',
          async () => connection?.validate?.({ auth: auth.props }),
          (answer) => answer?.['valid'],
        ),
      )
      const actions = piece.actions()
      for (const [name, runs] of Object.entries(filledActions(world)))
        await ledger.family(async () => {
          for (const [propsValue, holds] of runs)
            await ledger.op(
              `action ${name}`,
              async () => actions[name]?.run({ auth, propsValue }) as Promise<Row>,
              holds,
            )
        })
      for (const [name, propsValue] of companySearches)
        await ledger.leave(
          `action ${name}`,
          'takes the one company that Intercom answers for a list',
          async () => actions[name]?.run({ auth, propsValue }),
          /reading 'length'/,
        )
      for (const [name, trigger] of Object.entries(piece.triggers())) {
        const propsValue = name === 'contact-updated' ? { type: 'user' } : {}
        let listeners: { events: string[]; identifierValue: string } | undefined
        const app = { createListeners: (wanted: typeof listeners) => (listeners = wanted) }
        const call = async () => {
          await trigger.onEnable({ auth, propsValue, app })
          if (!Array.isArray(await trigger.test({ auth, propsValue }))) throw new Error('test gives no list')
          const topic = listeners?.events.find((event) => hooks.has(event))
          const hook = hooks.get(String(topic))
          if (!hook) throw new Error(`nothing was sent of ${listeners?.events}`)
          const payload = { ...hook, body: JSON.parse(hook.rawBody) }
          if (!piece.events.verify({ payload, webhookSecret: secret }))
            throw new Error('its signature is wrong')
          const { event, identifierValue } = piece.events.parseAndReply({ payload })
          if (event !== topic || identifierValue !== listeners?.identifierValue)
            throw new Error(
              `${event} for ${identifierValue} does not reach ${topic} of ${listeners?.identifierValue}`,
            )
          return trigger.run({ auth, propsValue, payload })
        }
        if (name === 'conversationRated')
          await ledger.leave(
            `trigger ${name}`,
            'nothing in the API rates a conversation',
            call,
            /nothing was sent/,
          )
        else
          await ledger.family(() =>
            ledger.op(`trigger ${name}`, call, ([item]) => item?.['type'] !== undefined),
          )
      }
    } finally {
      end()
    }
  },
}

const companySearches: [name: string, propsValue: object][] = [
  ['find-company', { searchField: 'name', searchValue: 'Pieces' }],
  ['find-or-create-company', { name: 'Pieces' }],
]
