/** An attribute of contacts, companies or conversations (docs/intercom-api.md 2.12). */
export type Attribute = {
  type: 'data_attribute'
  /** Custom ones only. */
  id?: number
  model: string
  name: string
  full_name: string
  label: string
  description?: string
  data_type: string
  /** What a list takes. */
  options?: string[]
  custom: boolean
  archived: boolean
  api_writable?: boolean
}
