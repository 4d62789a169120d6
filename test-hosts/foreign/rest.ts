/** Calls an operation of the workspace without any client. */
export type Rest = (method: string, path: string, body?: object) => Promise<Row>

/** Anything that is answered. */
// biome-ignore lint/suspicious/noExplicitAny: rows of every shape, read by name
export type Row = Record<string, any>

/** Calls of one workspace. */
export function restOf(url: string, accessToken: string): Rest {
  return async (method, path, body) => {
    const headers = { Authorization: `Bearer ${accessToken}`, 'Content-Type': 'application/json' }
    const answer = await fetch(`${url}${path}`, { method, headers, body: body ? JSON.stringify(body) : null })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${method} ${path} ${answer.status} ${text}`)
    return text === '' ? {} : JSON.parse(text)
  }
}
