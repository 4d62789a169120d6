import { fold } from '../store/fold.ts'
import type { CollectionRow, HelpCenterRow } from '../store/knowledge-tables.ts'
import type { Store } from '../store/store.ts'
import { parseObject } from './contact.ts'

const betweenWords = /[^\p{L}\p{M}\p{N}]+/gu
const longestSlug = 100

/** The help center of an id; without one the first, which takes what names none. */
export function helpCenterOf(store: Store, id?: number): HelpCenterRow | undefined {
  const [where, values] = id === undefined ? ['', []] : ['WHERE id = ?', [id]]
  return store.db.get<HelpCenterRow>(`SELECT * FROM help_centers ${where} ORDER BY id LIMIT 1`, ...values)
}

/** A link to a page of the help center, or null while it is off (docs/intercom-api.md 2.14). */
export function helpCenterUrl(
  center: HelpCenterRow | undefined,
  locale: string,
  kind: 'articles' | 'collections',
  id: number,
  title: string,
): string | null {
  if (center === undefined || center.website_turned_on === 0) return null
  const words = fold(title).replaceAll(betweenWords, '-').slice(0, longestSlug).toWellFormed()
  const slug = encodeURIComponent(`${id}-${words}`.replace(/-+$/, '').replaceAll('--', '-'))
  return `${baseUrl(center)}/${locale}/${kind}/${slug}`
}

function baseUrl({ custom_domain, identifier }: HelpCenterRow): string {
  return custom_domain === null ? `https://intercom.help/${identifier}` : `https://${custom_domain}`
}

/** Whether translations are shown (docs/intercom-api.md 2.14). */
export function isMultilingual({ locales }: HelpCenterRow): boolean {
  return (JSON.parse(locales) as unknown[]).length > 1
}

/** A help center (docs/intercom-api.md 2.14). */
export function helpCenter(store: Store, row: HelpCenterRow) {
  return {
    id: String(row.id),
    workspace_id: store.app.id_code,
    created_at: row.created_at,
    updated_at: row.updated_at,
    identifier: row.identifier,
    website_turned_on: row.website_turned_on === 1,
    display_name: row.display_name,
    url: baseUrl(row),
    custom_domain: row.custom_domain,
  }
}

/** A collection (docs/intercom-api.md 2.14). */
export function collection(store: Store, row: CollectionRow) {
  const center = helpCenterOf(store, row.help_center_id)
  return {
    id: String(row.id),
    workspace_id: store.app.id_code,
    name: row.name,
    url: helpCenterUrl(center, center?.default_locale ?? 'en', 'collections', row.id, row.name),
    order: row.position,
    created_at: row.created_at,
    updated_at: row.updated_at,
    description: row.description,
    icon: row.icon,
    parent_id: row.parent_id === null ? null : String(row.parent_id),
    help_center_id: row.help_center_id,
    ...(center !== undefined && isMultilingual(center)
      ? {
          default_locale: center.default_locale,
          translated_content: { type: 'group_translated_content', ...parseObject(row.translations) },
        }
      : {}),
  }
}
