/** A parameter's JSON Schema, as `openapi.json` and `manifest.json` have it. */
export type Schema = {
  type?: string
  description?: string
  enum?: readonly string[]
  default?: unknown
  format?: string
  pattern?: string
  minimum?: number
  maximum?: number
  minLength?: number
  maxLength?: number
  minItems?: number
  maxItems?: number
  items?: Schema
}

/** An action as the page knows it: `GET /actions` and `manifest.json` together. */
export type Action = {
  name: string
  title: string
  description: string
  effect: 'read' | 'update' | 'create' | 'send'
  /** `null`: one of the thirteen. */
  toolset: string | null
  destructive: boolean
  may_be_held: boolean
  input_schema: { properties?: Record<string, Schema>; required?: readonly string[] }
  output_schema: Record<string, unknown>
}

/** What an id is of, so that it can be looked up. */
export type IdOf =
  | 'contact'
  | 'conversation'
  | 'ticket'
  | 'tag'
  | 'admin'
  | 'team'
  | 'company'
  | 'ticket type'
  | 'article'
  | 'collection'
  | 'segment'
  | 'subscription'

/** How a parameter is filled in. `time`: text that is a moment; `texts`: one a line; `object`: JSON. */
export type Kind = 'text' | 'lines' | 'choice' | 'whole' | 'boolean' | 'time' | 'texts' | 'object'

export type Field = {
  name: string
  kind: Kind
  schema: Schema
  required: boolean
  /** Kinds of thing whose ids it takes: none, one, or teammates and teams. */
  idOf: readonly IdOf[]
  /** Whether an empty text is a value of its own. */
  mayBeEmpty: boolean
}

/** The parameters of an action, those that it needs first. */
export function fieldsOf({ name: action, input_schema }: Pick<Action, 'name' | 'input_schema'>): Field[] {
  const { properties = {}, required = [] } = input_schema
  const fields = Object.entries(properties).map(([name, schema]): Field => {
    const kind = kindOf(name, schema)
    return {
      name,
      kind,
      schema,
      required: required.includes(name),
      idOf: kind === 'text' ? idsOf(action, name) : [],
      mayBeEmpty: kind === 'text' && /may be empty/.test(schema.description ?? ''),
    }
  })
  return [...fields.filter((one) => one.required), ...fields.filter((one) => !one.required)]
}

function kindOf(name: string, { type, enum: words, format }: Schema): Kind {
  if (words !== undefined) return 'choice'
  if (type === 'integer') return 'whole'
  if (type === 'boolean') return 'boolean'
  if (type === 'array') return 'texts'
  if (type === 'object') return 'object'
  if (format === 'date-time' || /_(at|until)$/.test(name)) return 'time'
  return /^(body|description|query_value)$/.test(name) ? 'lines' : 'text'
}

const byEnding: readonly [RegExp, readonly IdOf[]][] = [
  [/^assignee_id$/, ['admin', 'team']],
  [/(^|_)(admin|owner|author)_id$/, ['admin']],
  [/(^|_)contact_id$|^intercom_user_id$/, ['contact']],
  [/^conversation_id$/, ['conversation']],
  [/^ticket_type_id$/, ['ticket type']],
  [/^ticket_id$/, ['ticket']],
  [/^tag_id$/, ['tag']],
  [/^team_id$/, ['team']],
  [/^article_id$/, ['article']],
  [/^collection_id$/, ['collection']],
  [/^segment_id$/, ['segment']],
  [/^subscription_id$/, ['subscription']],
]

function idsOf(action: string, name: string): readonly IdOf[] {
  if (name === 'id' && /compan/.test(action)) return ['company']
  return byEnding.find(([ending]) => ending.test(name))?.[1] ?? []
}

/** What a search's value is, by the field that is searched: a moment, the id of something, or any text. */
export function searchedKind(field: string): 'time' | IdOf | null {
  if (/_at$/.test(field)) return 'time'
  const [id] =
    byEnding.find(([ending]) => ending.test(field.replace(/_ids$/, '_id').replace(/_assignee/, '')))?.[1] ??
    []
  return id ?? null
}
