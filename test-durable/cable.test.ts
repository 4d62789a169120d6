import assert from 'node:assert/strict'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { Cable } from './support/cable.ts'

test('a cable that is cut at the moment a worker ends leaves no socket open', async (t) => {
  const sockets = () => process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length
  const worker = createServer((socket) => socket.on('error', () => {}).resume()).listen(0, '127.0.0.1')
  await once(worker, 'listening')
  const { port } = worker.address() as AddressInfo // it listens
  const cable = await Cable.to([port])
  let newest: Socket | undefined
  const onSocket = (message: unknown) => {
    newest = (message as { socket: Socket }).socket // by Node.js
  }
  subscribe('net.client.socket', onSocket)
  t.after(() => unsubscribe('net.client.socket', onSocket))
  const near = connect(Number(new URL(cable.url).port), '127.0.0.1')
    .on('error', () => {})
    .resume()
  const [worked] = (await once(worker, 'connection')) as [Socket]
  await sleep(20)
  newest?.once('end', () => cable.close()) // the cable's own, to the worker
  const closed = once(near, 'close')
  worked.end()
  await closed
  worker.close()
  await sleep(50)
  assert.equal(sockets(), 0)
})
