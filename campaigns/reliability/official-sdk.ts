import { registerHooks } from 'node:module'
import type { IntercomClient } from 'intercom-client'

/** Everything the campaign waits for is scaled down by this: 30 s become 600 ms, 2 s become 40 ms. */
export const scale = 50

const pause = 'setTimeout(resolve, delay)'

/**
 * The official SDK as it is published, but for one number: the pauses of its retry loop are divided by `scale`
 * when its source is loaded. Throws when the source no longer has that line.
 */
export async function officialSdk(
  environment: string,
  token: string,
  timeoutMs: number,
): Promise<IntercomClient> {
  let scaled = 0
  const hooks = registerHooks({
    load(url, context, nextLoad) {
      const loaded = nextLoad(url, context)
      if (!/intercom-client\/dist\/esm\/core\/fetcher\/requestWithRetries\.mjs$/.test(url)) return loaded
      const source = String(loaded.source)
      if (source.includes(pause)) scaled++
      return { ...loaded, source: source.replace(pause, `setTimeout(resolve, delay / ${scale})`) }
    },
  })
  const { IntercomClient: Client } = await import('intercom-client')
  hooks.deregister()
  loaded ||= scaled === 1
  if (!loaded) throw new Error('the retry loop of intercom-client has changed: its pauses are not scaled')
  return new Client({ environment, token, version: '2.12', timeoutInSeconds: timeoutMs / 1000 })
}

let loaded = false
