/** Intercom over plain HTTP, without our client: the second witness of the tour. */
export type Plain = (method: 'GET' | 'POST', path: string, body?: object) => Promise<PlainObject>

/** An answer as it came; wrong guesses about it read as `undefined`. */
export type PlainObject = { [key: string]: unknown }

/** Makes the plain reader of one workspace. */
export function plainHttp(url: string, accessToken: string): Plain {
  return async (method, path, body) => {
    const response = await fetch(url + path, {
      method,
      headers: {
        authorization: `Bearer ${accessToken}`,
        'content-type': 'application/json',
        'intercom-version': '2.12',
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status} over plain HTTP`)
    return (await response.json()) as PlainObject
  }
}

/** A list inside an answer. */
export function listIn(answer: PlainObject, ...keys: string[]): PlainObject[] {
  let value: unknown = answer
  for (const key of keys) value = (value as PlainObject | undefined)?.[key]
  return Array.isArray(value) ? value : []
}

/** Ends a step whose effect is not there. */
export function expect(seen: boolean, effect: string): asserts seen {
  if (!seen) throw new Error(`plain HTTP does not show ${effect}`)
}
