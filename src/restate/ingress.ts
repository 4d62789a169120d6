const timeoutMs = 3_000

/** What a handler answers by way of the engine's ingress. Rejects when it is no success, or none within three seconds. */
export async function askIngress(url: string, body: object): Promise<unknown> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    redirect: 'error',
    signal: AbortSignal.timeout(timeoutMs),
  })
  if (!response.ok) throw new Error(`the ingress answers ${response.status}`)
  return await response.json()
}
