/** What a host tells an app about itself, of which each part may be missing (MCP Apps 2026-01-26). */
export type HostContext = {
  theme?: 'light' | 'dark'
  styles?: { variables?: Record<string, string | undefined> }
}

export type Host = {
  capabilities: {
    openLinks?: object
    serverTools?: object
    serverResources?: object
    updateModelContext?: object
  }
  context: HostContext
}

export type Bridge = {
  /** A request to the host, and through it to the server. Rejects with the host's words. */
  request(method: string, params: object): Promise<Record<string, unknown>>
  notify(method: string, params: object): void
  /** Shakes hands. The host sends nothing until it is told `ui/notifications/initialized`. */
  connect(): Promise<Host>
}

type Message = {
  jsonrpc?: unknown
  id?: unknown
  method?: unknown
  params?: Record<string, unknown>
  result?: Record<string, unknown>
  error?: { message?: unknown }
}

/** Speaks JSON-RPC with the window around this one, and with no other. */
export function bridge(
  app: { name: string; version: string },
  on: (method: string, params: Record<string, unknown>) => void,
): Bridge {
  const host = window.parent
  const pending = new Map<
    number,
    { resolve(value: Record<string, unknown>): void; reject(error: Error): void }
  >()
  let last = 0

  addEventListener('message', ({ source, data }: MessageEvent<Message | null>) => {
    if (source !== host || typeof data !== 'object' || data === null || data.jsonrpc !== '2.0') return
    if (typeof data.method !== 'string') return answered(data)
    if (data.id === undefined) return on(data.method, data.params ?? {})
    const known = data.method === 'ping' || data.method === 'ui/resource-teardown'
    post({
      id: data.id,
      ...(known ? { result: {} } : { error: { code: -32_601, message: 'Method not found' } }),
    })
    if (data.method === 'ui/resource-teardown') on(data.method, {})
  })

  function answered({ id, result, error }: Message): void {
    const waiting = pending.get(Number(id))
    pending.delete(Number(id))
    if (error === undefined) waiting?.resolve(result ?? {})
    else waiting?.reject(new Error(String(error.message ?? 'The host refused it.')))
  }

  /** To whatever origin the host has: what is sent is no secret from it. */
  function post(message: object): void {
    host.postMessage({ jsonrpc: '2.0', ...message }, '*')
  }

  function request(method: string, params: object): Promise<Record<string, unknown>> {
    const { promise, resolve, reject } = Promise.withResolvers<Record<string, unknown>>()
    last += 1
    pending.set(last, { resolve, reject })
    post({ id: last, method, params })
    return promise
  }

  return {
    request,
    notify: (method, params) => post({ method, params }),
    async connect() {
      const { hostCapabilities, hostContext } = await request('ui/initialize', {
        appInfo: app,
        appCapabilities: { availableDisplayModes: ['inline'] },
        protocolVersion: '2026-01-26',
      })
      return { capabilities: hostCapabilities ?? {}, context: hostContext ?? {} } as Host
    },
  }
}
