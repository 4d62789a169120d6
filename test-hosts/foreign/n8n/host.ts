import type { Row } from '../rest.ts'

/** A request as a node makes it. */
interface NodeRequest {
  readonly method: string
  readonly url: string
  readonly qs?: Record<string, string | number>
  readonly body?: object
}

/** What n8n gives a node to run with: one item, parameters as they are, requests with the credential's headers. */
export function hostOf(accessToken: string, parameters: Row): object {
  return {
    getInputData: () => [{ json: {} }],
    getNodeParameter(name: string) {
      if (!(name in parameters)) throw new Error(`no parameter ${name}`)
      return parameters[name]
    },
    getNode: () => ({ name: 'Intercom' }),
    continueOnFail: () => false,
    helpers: {
      httpRequestWithAuthentication: (_credential: string, request: NodeRequest) =>
        requested(accessToken, request),
      returnJsonArray: (data: Row | Row[] | undefined) => [data].flat().filter((row) => row !== undefined),
      constructExecutionMetaData: (items: Row[]) => items.map((json) => ({ json })),
    },
  }
}

async function requested(
  accessToken: string,
  { method, url, qs = {}, body = {} }: NodeRequest,
): Promise<unknown> {
  const address = new URL(url)
  for (const [name, value] of Object.entries(qs)) address.searchParams.set(name, String(value))
  const headers = { Authorization: `Bearer ${accessToken}`, Accept: 'application/json' }
  const answer =
    Object.keys(body).length === 0
      ? await fetch(address, { method, headers })
      : await fetch(address, {
          method,
          headers: { ...headers, 'Content-Type': 'application/json' },
          body: JSON.stringify(body),
        })
  if (!answer.ok) throw new Error(`Request failed with status code ${answer.status}: ${await answer.text()}`)
  return answer.json()
}
