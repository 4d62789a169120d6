import { seconds } from '../clock.ts'
import { invalid, missing, notFound } from '../http/api-error.ts'
import type { Route, RouteCall } from '../http/call.ts'
import { type Input, noInput, toId } from '../http/input.ts'
import { parseObject } from '../shapes/contact.ts'
import { collection, helpCenter, helpCenterOf } from '../shapes/help-center.ts'
import { changeRow, collectionTree, insertCollection } from '../store/knowledge.ts'
import type { CollectionRow, HelpCenterRow } from '../store/knowledge-tables.ts'
import type { Store } from '../store/store.ts'
import { findRow, foundRow, keptRows } from './kept-rows.ts'
import { translationsIn } from './translations.ts'

/** A collection by id, given as a number or as digits. */
export const findCollection = (store: Store, id: unknown) => findRow<CollectionRow>(store, 'collections', id)

/** The default help center; every workspace has one. */
export function firstHelpCenter(store: Store): HelpCenterRow {
  const center = helpCenterOf(store)
  if (center === undefined) throw new Error('The workspace has no help center')
  return center
}

const found = (store: Store, id: unknown) => foundRow<CollectionRow>(store, 'collections', id)

/** The parent that a request names: undefined if it says nothing, null if none. */
function parentIn(store: Store, body: Input): CollectionRow | null | undefined {
  const id = body.get('parent_id')
  if (id === undefined || id === null) return id
  const parent = findCollection(store, id)
  if (parent === undefined) throw invalid('Parent not found')
  return parent
}

function create({ store, body }: RouteCall) {
  const name = nameIn(body)
  const parent = parentIn(store, body) ?? null
  const center = centerIn(store, body, parent)
  const { own = noInput, others } = translationsIn(body, center)
  const at = seconds(store.clock)
  const id = insertCollection(store, {
    help_center_id: center.id,
    parent_id: parent?.id ?? null,
    name: name ?? nameIn(own) ?? missingName(),
    description: body.text('description') ?? own.text('description') ?? '',
    translations: translate({}, others),
    created_at: at,
    updated_at: at,
  })
  return collection(store, found(store, id))
}

function centerIn(store: Store, body: Input, parent: CollectionRow | null): HelpCenterRow {
  const given = body.get('help_center_id')
  const id = given ?? parent?.help_center_id
  if (id === undefined || id === null) return firstHelpCenter(store)
  const center = helpCenterOf(store, toId(id) ?? 0)
  if (center === undefined) throw invalid('Help Center not found')
  if (parent !== null && parent.help_center_id !== center.id) {
    throw invalid('Parent is in another Help Center')
  }
  return center
}

/** A name that is there must not be blank. */
function nameIn(body: Input): string | undefined {
  const name = body.text('name')
  if (name === undefined || name === null) return undefined
  return name.trim() === '' ? missingName() : name
}

function missingName(): never {
  throw missing('Name is a required parameter.')
}

/** Translations with those of a request merged in. */
function translate(before: Readonly<Record<string, unknown>>, others: ReadonlyMap<string, Input>) {
  const translations = new Map(Object.entries(before))
  for (const [locale, given] of others) {
    const old = translations.get(locale) as object | undefined
    const name = nameIn(given)
    const description = given.text('description')
    translations.set(locale, {
      ...(old ?? { type: 'group_content', name: '', description: '' }),
      ...(name === undefined ? {} : { name }),
      ...(description === undefined ? {} : { description: description ?? '' }),
    })
  }
  return Object.fromEntries(translations)
}

function update({ store, params, body }: RouteCall) {
  const row = found(store, params['id'])
  const parent = parentIn(store, body)
  const tree = collectionTree(store, row)
  if (parent && tree.includes(parent.id)) throw invalid('Parent is the collection itself or inside it')
  const center = helpCenterOf(store, row.help_center_id) ?? firstHelpCenter(store)
  const { own = noInput, others } = translationsIn(body, center)
  const name = nameIn(body) ?? nameIn(own)
  const description = body.text('description') ?? own.text('description')
  const changes = {
    ...(name === undefined ? {} : { name }),
    ...(description === undefined ? {} : { description: description ?? '' }),
    ...(parent === undefined ? {} : { parent_id: parent?.id ?? null }),
    ...(others.size === 0 ? {} : { translations: translate(parseObject(row.translations), others) }),
  }
  if (Object.keys(changes).length > 0) {
    changeRow(store, 'collections', row.id, { ...changes, updated_at: seconds(store.clock) })
  }
  const into = parent?.help_center_id
  if (into !== undefined && into !== row.help_center_id) {
    for (const id of tree) changeRow(store, 'collections', id, { help_center_id: into })
  }
  return collection(store, found(store, row.id))
}

/** What is below goes with it; the articles stay and stand alone. */
function remove({ store, params }: RouteCall) {
  const row = found(store, params['id'])
  for (const id of collectionTree(store, row)) {
    store.db.run('UPDATE articles SET parent_id = NULL, parent_type = NULL WHERE parent_id = ?', id)
    store.db.run('DELETE FROM collections WHERE id = ?', id)
  }
  return { id: String(row.id), object: 'collection', deleted: true }
}

function oneHelpCenter({ store, params }: RouteCall) {
  const row = helpCenterOf(store, toId(params['id']) ?? 0)
  if (row === undefined) throw notFound()
  return helpCenter(store, row)
}

/** Collections, the last changed first, and help centers (docs/intercom-api.md 3.16). */
export const collectionRoutes: readonly Route[] = [
  ...keptRows<CollectionRow>({
    path: '/help_center/collections',
    table: 'collections',
    size: 20,
    order: 'updated_at DESC, id DESC',
    shape: (row, store) => collection(store, row),
    create,
    update,
    remove,
  }),
  {
    method: 'GET',
    path: '/help_center/help_centers',
    handle: ({ store }) => {
      const rows = store.db.all<HelpCenterRow>('SELECT * FROM help_centers ORDER BY id')
      return { type: 'list', data: rows.map((row) => helpCenter(store, row)) }
    },
  },
  { method: 'GET', path: '/help_center/help_centers/:id', handle: oneHelpCenter },
]
