// What was approved is made for whoever asked, under their own policy, whatever has changed while no server ran.
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { openApprovals } from '../../src/approvals/store.ts'
import { openJournal } from '../../src/core/sqlite-journal.ts'
import { createIntercom } from '../../src/index.ts'
import { servedApprovals } from '../../src/server/approvals/serving.ts'
import { hashKey } from '../../src/server/keys.ts'
import { mcpMount, restMounts } from '../../src/server/mounts.ts'
import { approvalsFile, ask, bearer, keys, operators } from '../support/approvals-desk.ts'
import { issuer } from '../support/issuer.ts'
import { caller, served } from '../support/served.ts'
import { intercomOf, signedIn } from '../support/signed-in.ts'

const approve = { decision: 'approve' }

/** What a decision came to. */
async function decided(url: string, path: string) {
  const { status, body } = await ask(url, `POST ${path}/decision`, bearer(keys.ada), approve)
  assert.equal(status, 200, JSON.stringify(body))
  return [body.state, body.outcome?.output.success ?? null]
}

/** Servers with the same files, each of which makes what is decided at it. */
async function restarting(t: TestContext) {
  const { base_url, token, reply } = await intercomOf(t)
  const file = approvalsFile(t)
  return {
    reply,
    /** One with these keys. */
    async keys(...names: ('agent' | 'other')[]) {
      const store = openApprovals(file)
      const journal = openJournal(`${file}.journal`)
      const approvals = servedApprovals({ store, operators })
      const callers = names.map((name) => ({
        ...caller(keys[name], { name }),
        keyHash: hashKey(keys[name]),
        intercom: createIntercom({ accessToken: token, baseUrl: base_url, journal }),
        access: { sends: 'confirm' as const },
        approvals: approvals.heldBy(name),
      }))
      const mounts = [mcpMount({ bodyBytes: 1e6 }), ...restMounts(), approvals.mount]
      const { url } = await served(t, () => new Response(), { callers, mounts })
      t.after(async () => {
        await approvals.close()
        journal.close()
      })
      return url
    },
    /** One whose callers sign in, under these entries. */
    async entries(allow: object[], at: Awaited<ReturnType<typeof issuer>>) {
      const current = { current: undefined }
      const store = openApprovals(file)
      const approvals = servedApprovals({ store, operators, signIn: current })
      t.after(() => approvals.close())
      const auth = {
        allow: allow.map((one) => ({
          access_token_env: 'TOKEN',
          base_url,
          sends: 'confirm',
          ...one,
        })),
      }
      const { heldBy, mount } = approvals
      const env = { TOKEN: token }
      const own = { auth, env, journal: `${file}.journal`, heldBy, signedIn: current, mounts: [mount] }
      return { ...(await signedIn(t, own, at)), store }
    },
  }
}

test('after a restart without a key, no other key of its workspace makes what it had approved', async (t) => {
  const server = await restarting(t)
  const first = await server.keys('agent', 'other')
  const hold = async (text: string) => {
    const body = { ...server.reply('comment'), body: text }
    const { headers } = await ask(first, 'POST /actions/reply_to_conversation', bearer(keys.agent), body)
    return String(headers.get('location'))
  }
  const [one, two] = [await hold('one'), await hold('two')]
  const without = await server.keys('other')
  assert.deepEqual(await decided(without, one), ['approved', null])
  const again = await server.keys('agent', 'other')
  assert.deepEqual(await decided(again, two), ['done', true])
})

test('after a restart, what somebody who signs in had approved is made under the entry that is theirs', async (t) => {
  const server = await restarting(t)
  const at = await issuer(t)
  const before = await server.entries([{}], at)
  const token = await at.token()
  const hold = async (text: string) => {
    const { headers } = await before.call(token, 'reply_to_conversation', {
      ...server.reply('comment'),
      body: text,
    })
    return String(headers.get('location'))
  }
  const cases: [string, object[], string][] = [
    ['not theirs', [{ subjects: ['bob'] }], 'lapsed'],
    ['none', [{ clients: ['another'] }, { subjects: ['bob'] }], 'lapsed'],
    ['narrower', [{ subjects: ['ada'], deny: ['reply_to_conversation'] }, {}], 'lapsed'],
    ['elsewhere', [{ subjects: ['ada'], base_url: 'http://127.0.0.1:9' }, {}], 'lapsed'],
    ['the same', [{ subjects: ['bob'], read_only: true }, {}], 'done'],
  ]
  for (const [text, allow, state] of cases) {
    const path = await hold(text)
    const after = await server.entries(allow, at)
    const [came] = await decided(after.url, path)
    assert.equal(came, state, text)
    const { outcome, reason } = (await after.store.get(path.split('/').at(-1) ?? '')) ?? {}
    if (state === 'lapsed') assert.match(String(reason), /has become stricter since, or their key is gone/)
    else assert.equal(outcome?.output.success, true)
  }
})
