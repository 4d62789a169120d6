// src/compare/vocabulary.json: the words of Intercom's description, all that a report of `compare` may repeat.

import { type OpenApiSchema, readDescription } from '../test/openapi-validator/openapi.ts'

/** Keys of answers, those of them that may be null, the values of enumerations by key, and the words of errors. */
export async function vocabulary(file: string): Promise<Record<string, unknown>> {
  const { paths, components } = await readDescription(file)
  const keys = new Set<string>()
  const nullable = new Set<string>()
  const values = new Map<string, Set<string>>()
  const said = new Set<string>()

  function schema(one: OpenApiSchema | undefined): void {
    if (one === undefined) return
    for (const [key, property] of Object.entries(one.properties ?? {})) {
      keys.add(key)
      if (property.nullable === true) nullable.add(key)
      for (const value of property.enum ?? []) if (typeof value === 'string') enumerate(key, value)
      schema(property)
    }
    schema(one.items)
    for (const part of [...(one.allOf ?? []), ...(one.anyOf ?? []), ...(one.oneOf ?? [])]) schema(part)
  }

  function enumerate(key: string, value: string): void {
    values.set(key, (values.get(key) ?? new Set()).add(value))
  }

  function example(value: unknown): void {
    if (typeof value !== 'object' || value === null) return
    const { errors } = value as { errors?: unknown }
    for (const error of Array.isArray(errors) ? errors : []) {
      for (const text of [error.code, error.message]) words(String(text ?? ''))
    }
    for (const [key, item] of Object.entries(value)) {
      if (item === null && keys.has(key)) nullable.add(key)
      if (key === 'type' && typeof item === 'string') enumerate('type', item)
      example(item)
    }
  }

  function words(text: string): void {
    for (const [word] of text.matchAll(/[A-Za-z]+/g)) said.add(word.toLowerCase())
  }

  for (const one of Object.values(components.schemas)) schema(one)
  const contents = Object.values(paths)
    .flatMap((methods) => Object.values(methods))
    .flatMap(({ responses = {} }) => Object.values(responses))
    .map(({ content }) => content?.['application/json'])
  for (const content of contents) schema(content?.schema)
  for (const content of contents)
    for (const { value } of Object.values(content?.examples ?? {})) example(value)
  const sorted = (set: Iterable<string>) => [...set].filter((word) => /^[\w.-]+$/.test(word)).toSorted()
  return {
    keys: sorted(keys),
    nullable: sorted(nullable),
    values: Object.fromEntries(sorted(values.keys()).map((key) => [key, sorted(values.get(key) ?? [])])),
    words: sorted(said),
  }
}
