import type { Socket } from 'node:net'
import { networkOf } from './stranger-places.ts'

/**
 * Closes what one address opens beyond so many connections that have shown no key, so that it cannot take all that
 * there are. `trusted`: addresses of proxies, behind which many are.
 */
export function connectionsPerAddress(most: number, trusted: readonly string[]) {
  const networks = new Map<string, number>()
  const counted = new WeakMap<Socket, string>()
  const exempt = new Set(trusted.map((address) => networkOf(address)))

  /** A key has come over it, or it is closed: it counts no more. */
  function settle(socket: Socket): void {
    const network = counted.get(socket)
    if (network === undefined) return
    counted.delete(socket)
    const left = (networks.get(network) ?? 1) - 1
    if (left > 0) networks.set(network, left)
    else networks.delete(network)
  }

  return {
    open(socket: Socket): void {
      const network = networkOf(socket.remoteAddress ?? '')
      if (network === '' || exempt.has(network)) return // without an address it has gone already
      const open = networks.get(network) ?? 0
      if (open >= most) {
        socket.destroy()
        return
      }
      networks.set(network, open + 1)
      counted.set(socket, network)
      socket.once('close', () => settle(socket))
    },
    settle,
  }
}
