import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Answer } from './support/world.ts'
import { World } from './support/world.ts'

const sends = 60

/** Replies and notes under keys, a few at a time; as each of them takes a moment, some are under way at any time. */
async function sendAll(world: World): Promise<Answer[]> {
  for (const route of ['POST /conversations/{id}/reply', 'POST /contacts/{id}/notes']) {
    world.people.workspace.control.addFault({ kind: 'delay', ms: 150, route })
  }
  const answers: Answer[] = []
  let next = 0
  const loop = async () => {
    while (next < sends) {
      const n = next++
      const mark = `mark${n}`
      const contact_id = world.people.targets[n % world.people.targets.length]?.contact_id
      answers[n] =
        n % 3 === 0
          ? await world.call(`intercom_once/key-${n}/create_note`, { contact_id, body: mark })
          : await world.call(`intercom_once/key-${n}/reply_to_conversation`, world.reply(n, mark))
    }
  }
  await Promise.all(Array.from({ length: 8 }, loop))
  return answers
}

const harms: [what: string, harm: (world: World) => Promise<void>][] = [
  [
    'the worker is killed',
    async ({ workers }) => {
      const [port = 0] = workers.ports
      await workers.kill(port)
      await sleep(300)
      await workers.start(port)
    },
  ],
  ['one of two workers is killed and stays away', async ({ workers }) => workers.kill(workers.ports[1] ?? 0)],
  [
    'the server is killed',
    async ({ server }) => {
      await server.kill()
      await server.begin()
    },
  ],
  [
    'both are killed',
    async ({ workers, server }) => {
      const [port = 0] = workers.ports
      await Promise.all([workers.kill(port), server.kill()])
      await Promise.all([workers.start(port), server.begin()])
    },
  ],
  [
    'the network between them is cut',
    async ({ cable }) => {
      cable.cut()
      await sleep(700)
      cable.mend()
    },
  ],
  [
    'the network between them goes silent',
    async ({ cable }) => {
      cable.silence()
      await sleep(1500)
      cable.mend()
    },
  ],
]

for (const [what, harm] of harms) {
  test(`every send happens once though ${what}`, async (t) => {
    const world = await World.open({ workers: what.includes('two') ? 2 : 1 })
    t.after(() => world.close())
    const sending = sendAll(world)
    for (let times = 0; times < 2; times++) {
      await sleep(500)
      await harm(world)
    }
    const answers = await sending
    const { counts } = await world.people.count()
    for (const [n, { status, body }] of answers.entries()) {
      assert.deepEqual([n, status, body['success']], [n, 200, true], JSON.stringify(body))
      assert.equal(counts.get(`mark${n}`), 1, `mark${n} is there ${counts.get(`mark${n}`) ?? 0} times`)
    }
    assert.equal(answers.length, sends)
  })
}

test('a send that was lost with its worker is not taken for one of the same words that arrived', async (t) => {
  const world = await World.open()
  t.after(() => world.close())
  const { control } = world.people.workspace
  const send = (key: string) =>
    world.call(`intercom_once/${key}/reply_to_conversation`, world.reply(0, 'marksame'))
  assert.equal((await send('arrived')).body['success'], true)
  control.addFault({ kind: 'hang', route: 'POST /conversations/{id}/reply', count: 1 })
  const lost = send('lost')
  while (control.faults()[0]?.injected !== 1) await sleep(10)
  const [port = 0] = world.workers.ports
  await world.workers.kill(port)
  await world.workers.start(port)
  assert.equal((await lost).body['success'], true)
  assert.equal((await world.people.count()).counts.get('marksame'), 2)
})
