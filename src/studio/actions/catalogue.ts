import { signal } from '@preact/signals'
import { ask, messageOf } from '../shell/server.ts'
import type { Action } from './fields.ts'

/** What this session's caller may call, and whether the server keeps idempotency keys. */
type Catalogue = { actions: readonly Action[]; idempotencyKeys: boolean }
type Listed = Omit<Action, 'input_schema' | 'output_schema'>
type Described = Pick<Action, 'name' | 'input_schema' | 'output_schema'>

export const catalogue = signal<Catalogue | null>(null)
export const problem = signal<string | null>(null)

/** `GET /actions` says what is of the server, the manifest what is of the actions. */
export async function readCatalogue(): Promise<void> {
  problem.value = null
  try {
    const [listed, { actions }] = await Promise.all([
      ask<{ actions: Listed[]; idempotency_keys: boolean }>('GET', '/actions'),
      ask<{ actions: Described[] }>('GET', '/manifest.json'),
    ])
    const schemas = new Map(actions.map((one) => [one.name, one]))
    catalogue.value = {
      idempotencyKeys: listed.idempotency_keys,
      actions: listed.actions.flatMap((one) => {
        const { input_schema, output_schema } = schemas.get(one.name) ?? {}
        return input_schema && output_schema ? [{ ...one, input_schema, output_schema }] : []
      }),
    }
  } catch (error) {
    problem.value = messageOf(error)
  }
}

export function isOffered(action: string): boolean {
  return catalogue.value?.actions.some(({ name }) => name === action) ?? false
}
