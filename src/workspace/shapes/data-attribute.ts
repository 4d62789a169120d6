import type { DataAttributeRow } from '../store/app-tables.ts'
import { standardAttributes } from './standard-attributes.ts'

/** What has attributes (docs/intercom-api.md 3.10). */
export type Model = keyof typeof standardAttributes

/**
 * An attribute that the workspace made itself: only these have an id, and options where it is a list
 * (docs/intercom-api.md 2.12).
 */
export function customAttribute(row: DataAttributeRow) {
  const options: unknown = JSON.parse(row.options)
  const isList = Array.isArray(options) && options.length > 0
  return {
    id: row.id,
    type: 'data_attribute',
    name: row.name,
    full_name: `custom_attributes.${row.name}`,
    label: row.label ?? row.name,
    ...(row.description === '' ? {} : { description: row.description }),
    // A date is asked for as `datetime`, too, and always answered as `date`.
    data_type: row.data_type === 'datetime' ? 'date' : row.data_type,
    ...(isList ? { options } : {}),
    api_writable: true,
    ui_writable: false,
    messenger_writable: row.messenger_writable === 1,
    custom: true,
    archived: row.archived === 1,
    ...(row.admin_id === null ? {} : { admin_id: String(row.admin_id) }),
    created_at: row.created_at,
    updated_at: row.updated_at,
    model: row.model,
  }
}

/** The standard attributes of a model. */
export function standardOf(model: Model) {
  return standardAttributes[model].map(([full_name, label, data_type, api_writable, description]) => ({
    type: 'data_attribute',
    name: full_name.slice(full_name.lastIndexOf('.') + 1),
    full_name,
    label,
    description,
    data_type,
    api_writable,
    ui_writable: false,
    messenger_writable: true,
    custom: false,
    archived: false,
    model,
  }))
}
