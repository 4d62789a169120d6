import { seconds } from '../clock.ts'
import { ApiError, invalid } from '../http/api-error.ts'
import type { Route, RouteCall } from '../http/call.ts'
import { type Input, isObject, toId } from '../http/input.ts'
import { customAttribute, type Model, standardOf } from '../shapes/data-attribute.ts'
import type { DataAttributeRow } from '../store/app-tables.ts'
import { fold } from '../store/fold.ts'
import type { Store } from '../store/store.ts'

const models: readonly Model[] = ['contact', 'company', 'conversation']
/** What Intercom calls the data of a model in its error texts (docs/intercom-api.md 3.10). */
const kinds = { contact: 'people', company: 'company' } as const
const types = ['string', 'integer', 'float', 'boolean', 'datetime', 'date', 'options'] as const
const allowedName = /^[\p{L}\p{N}\p{Sc}_ -]+$/u

function list({ store, query }: RouteCall) {
  const given = query.get('model')
  if (given !== null && !models.some((model) => model === given)) throw invalid("Model isn't an option")
  const wanted = models.filter((model) => given === null || model === given)
  const rows = (model: Model) =>
    query.get('include_archived') === 'true' ? store.declared(model) : store.attributes(model)
  return {
    type: 'list',
    data: wanted.flatMap((model) => [...standardOf(model), ...rows(model).map(customAttribute)]),
  }
}

function create({ store, body, adminId }: RouteCall) {
  const model = body.get('model')
  if (model !== 'contact' && model !== 'company') {
    throw invalid('The Data Attribute model field must be either contact or company')
  }
  const name = body.filled('name').trim()
  if (!allowedName.test(name)) {
    throw invalid(
      'Your name for this attribute must only contain alphanumeric characters, currency symbols, and hyphens',
    )
  }
  refuseTakenName(store, name, model)
  const type = body.option('data_type', types)
  if (type === undefined) throw invalid("Data Type isn't an option")
  const options = readOptions(body) ?? []
  if (type === 'options' && options.length === 0) throw tooFewOptions()
  if (options.length > 0 && type !== 'options' && type !== 'string')
    throw invalid("Data Type isn't an option")
  const now = seconds(store.clock)
  const id = store.nextId('data_attributes')
  store.insertDataAttribute({
    id,
    model,
    name,
    label: name,
    data_type: type === 'options' ? 'string' : type,
    description: body.text('description') ?? '',
    options,
    messenger_writable: body.flag('messenger_writable') ?? false,
    created_at: now,
    updated_at: now,
    admin_id: adminId,
  })
  return customAttribute(find(store, id))
}

/** A name is taken by standard and by custom attributes, archived ones too, of people and companies alike. */
function refuseTakenName(store: Store, name: string, model: 'contact' | 'company'): void {
  const same = (other: string) => fold(other) === fold(name)
  const otherwise = `To save this as new ${kinds[model]} data, use a different name.`
  if (standardOf(model).some((standard) => same(standard.full_name) || same(standard.label))) {
    throw invalid(`'${name}' is one of our standard attributes for your ${kinds[model]} data. ${otherwise}`)
  }
  for (const owner of [model, model === 'contact' ? 'company' : 'contact'] as const) {
    if (store.declared(owner).some((row) => same(row.name))) {
      throw invalid(`You already have '${name}' in your ${kinds[owner]} data. ${otherwise}`)
    }
  }
}

/** Options come as `{ value }` or as text, and go as text (docs/intercom-api.md 3.10). */
function readOptions(body: Input): string[] | undefined {
  const given = body.array('options')
  if (given === undefined || given === null) return undefined
  const options = given.map((option) => (isObject(option) ? option['value'] : option))
  const texts = options.filter((option) => typeof option === 'string' && option !== '')
  if (texts.length !== options.length) throw invalid('Options must have a value')
  const different = [...new Set(texts.map(String))]
  if (different.length < 2) throw tooFewOptions()
  return different
}

function tooFewOptions(): ApiError {
  return invalid('You must have at least two options on a list type data attribute')
}

function find(store: Store, id: unknown): DataAttributeRow {
  const number = toId(id)
  const row = models.flatMap((model) => store.declared(model)).find((attribute) => attribute.id === number)
  if (row === undefined) {
    throw new ApiError(404, 'field_not_found', "We couldn't find that data attribute to update")
  }
  return row
}

/**
 * Name, model and type stay; an unknown key is let pass, as the SDK sends the name along
 * (docs/intercom-api.md 3.10).
 */
function update({ store, params, body }: RouteCall) {
  const row = find(store, params['id'])
  const options = readOptions(body)
  if (options !== undefined && row.data_type !== 'string') throw invalid("Data Type isn't an option")
  const kept: unknown = JSON.parse(row.options)
  store.setDataAttribute(row.id, {
    archived: body.flag('archived') ?? row.archived === 1,
    description: body.text('description') ?? row.description,
    options: options ?? (Array.isArray(kept) ? kept.map(String) : []),
    messenger_writable: body.flag('messenger_writable') ?? row.messenger_writable === 1,
    updated_at: seconds(store.clock),
  })
  return customAttribute(find(store, row.id))
}

/**
 * Data attributes (docs/intercom-api.md 3.10): standard ones are only read, custom ones made and archived.
 * Not paged.
 */
export const dataAttributeRoutes: readonly Route[] = [
  { method: 'GET', path: '/data_attributes', handle: list },
  { method: 'POST', path: '/data_attributes', handle: create },
  { method: 'PUT', path: '/data_attributes/:id', handle: update },
]
