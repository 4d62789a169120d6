const timeoutMs = 3_000

/** Calls a handler through Restate's ingress. Rejects without a success within three seconds. */
export async function askIngress(url: string, body: object): Promise<unknown> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    redirect: 'error',
    signal: AbortSignal.timeout(timeoutMs),
  })
  if (!response.ok) throw new Error(`the ingress answered ${response.status}`)
  return await response.json()
}
