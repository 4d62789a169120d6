import { hash, randomBytes } from 'node:crypto'

/** First ids of the numeric sequences; their digit counts are Intercom's (docs/intercom-api.md 1.7). */
export const firstIds = {
  admins: 7_431_001,
  teams: 5_208_001,
  tags: 10_420_001,
  notes: 281_604_001,
  data_attributes: 4_210_001,
  messages: 2_104_330_001,
  admin_messages: 410_220_001,
  conversations: 215_474_207_000_001,
  conversation_parts: 31_204_000_001,
  companies: 1,
  company_plans: 268_301,
  subscription_types: 37_841,
  events: 1,
  help_centers: 61_201,
  collections: 10_521_501,
  articles: 9_932_401,
  content_import_sources: 12_301,
  external_pages: 4_118_001,
  newsfeeds: 1_904_001,
  news_items: 502_301,
} as const

/** The middle ten hex digits of a workspace's contact ids: fixed by its app id. */
export function machineDigits(appId: string): string {
  return hash('md5', appId).slice(0, 10)
}

/**
 * A Mongo-style id: the first 8 hex digits are the second of creation (docs/intercom-api.md 1.7), the last 6
 * the contact's sequence number, so ids of one second sort in the order of creation.
 */
export function contactId(createdAt: number, machine: string, seq: number): string {
  const time = (createdAt >>> 0).toString(16).padStart(8, '0')
  return `${time}${machine}${(seq & 0xffffff).toString(16).padStart(6, '0')}`
}

/** A bearer token in Intercom's form: base64 of `tok:…` (docs/intercom-api.md 7). */
export function newToken(): string {
  const body = randomBytes(16).toString('hex')
  const groups = [body.slice(0, 8), body.slice(8, 12), body.slice(12, 16), body.slice(16, 20), body.slice(20)]
  return Buffer.from(`tok:${groups.join('_')}:1:0`).toString('base64')
}

const base32hex = '0123456789abcdefghijklmnopqrstuv'
let pool = randomBytes(0)
let used = 0

/** A request id in the form of production: 20 characters of base32hex, `002…` first (docs/intercom-api.md 1.1). */
export function newRequestId(): string {
  if (used + 17 > pool.length) {
    pool = randomBytes(17 * 256)
    used = 0
  }
  let id = '002'
  for (let i = 0; i < 17; i++) id += base32hex[(pool[used++] ?? 0) & 31]
  return id
}
