import { IntercomError, textOf } from '../errors.ts'

/**
 * SHA-256 in hex of an action's name and input, whatever the order of the input's keys; a key whose value is
 * `undefined` is as good as absent. Rejects with `invalid_input` for what cannot be read or written as JSON.
 */
export async function hashOf(action: string, input: unknown): Promise<string> {
  const bytes = new TextEncoder().encode(readable([action, input]))
  return Buffer.from(await crypto.subtle.digest('SHA-256', bytes)).toString('hex')
}

function readable(value: unknown): string {
  try {
    return canonical(value)
  } catch (error) {
    throw new IntercomError(`the input cannot be read (${textOf(error)})`, {
      code: 'invalid_input',
      hint: 'Nothing was sent.',
    })
  }
}

/** JSON with sorted keys. No `toJSON` is called: it could make two inputs alike. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  const entries = Object.entries(value).filter(([, item]) => item !== undefined)
  entries.sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`).join()}}`
}
