import { valuesAt } from './call.ts'
import type { Ask, Witness } from './witness.ts'

/**
 * Adds to the local Intercom what its demo data has none of, above all objects of which nothing is set, so that a key
 * that Intercom leaves out, or answers with null, is known to be such. What it refuses is left out.
 */
export async function prepare(local: Witness): Promise<void> {
  const send = async (method: Ask['method'], path: string, body?: unknown): Promise<string> => {
    const answer = await local({ method, path, body, safe: false })
    return 'broken' in answer ? '' : (valuesAt(answer.json, 'id')[0] ?? '')
  }
  const company = await send('POST', '/companies', { company_id: 'compare-bare', name: 'Bare' })
  const user = await send('POST', '/contacts', { role: 'user', email: 'bare@compare.example' })
  await send('POST', `/contacts/${user}/companies`, { id: company })
  await send('POST', '/contacts', { role: 'lead' })
}
