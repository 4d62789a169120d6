import assert from 'node:assert/strict'
import { afterEach, test } from 'node:test'
import { ask } from '../../src/connect/http.ts'
import { notifierTo } from '../../src/server/approvals/notifier.ts'
import { fetchJson } from '../../src/server/sign-in/fetch-json.ts'
import { forwardTo } from '../../src/webhooks/forward.ts'
import type { NotificationHandler } from '../../src/webhooks/router.ts'
import { certificate } from '../support/certificates.ts'
import { connectProxy, tunnelTo } from '../support/connect-proxy.ts'
import { authority, tlsIntercom } from '../support/tls-intercom.ts'

const names = ['https_proxy', 'HTTPS_PROXY', 'http_proxy', 'HTTP_PROXY', 'no_proxy', 'NO_PROXY']
for (const name of names) delete process.env[name]
afterEach(() => {
  for (const name of names) delete process.env[name]
})

type Given = Parameters<NotificationHandler>
const notification = { topic: 'contact.created', data: { item: { id: '1' } } } as unknown as Given[0]
const context = { key: 'notif_1', signal: new AbortController().signal, body: '{}' } as Given[1]
const notice = { id: 'apr_1', action: 'create_note', title: 'A note', caller: 'agent', url: null }

/** Who asks others than the client of the actions; each resolves to whether it was answered, which `answered` tells. */
const askers: Record<string, (host: string, answered: Promise<boolean>) => Promise<boolean>> = {
  'the authorization server': async (host) => (await fetchJson(`https://${host}/keys`)).status === 200,
  'Intercom’s sign-in': async (host) => {
    const url = new URL(`https://${host}/auth/eagle/token`)
    return (await ask({ method: 'POST', url, form: { code: 'x' } }, {})).status === 200
  },
  'the target of --forward': async (host) => {
    await forwardTo(`https://${host}/{id}`)(notification, context)
    return true
  },
  'who is told of approvals': async (host, answered) => {
    const { promise: failed, resolve } = Promise.withResolvers<boolean>()
    const onFailure = () => resolve(false)
    const one = notifierTo({ url: `https://${host}/hook`, secret: 'secret', onFailure, pauses: [0] })
    one.notify({ ...notice, created_at: 0, expires_at: 0 })
    const result = await Promise.race([answered, failed])
    await one.close()
    return result
  },
}

for (const [index, [who, asks]] of Object.entries(askers).entries())
  test(`${who} is asked through the proxy of the environment, unless NO_PROXY has it`, async () => {
    const host = `asked-${index}.example.invalid`
    const { promise: answered, resolve } = Promise.withResolvers<boolean>()
    const server = await tlsIntercom(certificate(host, { hosts: [host], issuer: authority }), (response) => {
      response.end('{}', () => resolve(true))
    })
    const proxy = await connectProxy([tunnelTo(server.port)])
    process.env['HTTPS_PROXY'] = proxy.url
    assert.equal(await asks(host, answered), true)
    assert.deepEqual(
      proxy.received.map(({ target }) => target),
      [`${host}:443`],
    )
    assert.equal(server.received.length, 1)
    process.env['NO_PROXY'] = '.invalid'
    assert.equal(
      await asks(host, new Promise(() => {})).catch(() => false),
      false,
      'directly there is nobody by that name',
    )
    assert.equal(proxy.received.length, 1)
    await proxy.close()
    await server.close()
  })
