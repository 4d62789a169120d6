import { invalid } from '../http/api-error.ts'
import { type Input, isObject } from '../http/input.ts'
import type { Attachment } from '../threads/event.ts'

/** No more than ten of either kind (docs/intercom-api.md 1.8). */
const most = 10

const types: Readonly<Record<string, string>> = {
  gif: 'image/gif',
  jpeg: 'image/jpeg',
  jpg: 'image/jpeg',
  pdf: 'application/pdf',
  png: 'image/png',
  svg: 'image/svg+xml',
  txt: 'text/plain',
  webp: 'image/webp',
}

/**
 * Reads `attachment_files` or `attachment_urls`; files win when both are sent (docs/intercom-api.md 1.8).
 * Nothing is fetched.
 */
export function readAttachments(body: Input): Attachment[] {
  const files = body.array('attachment_files') ?? []
  const urls = body.array('attachment_urls') ?? []
  if (urls.length > most) throw invalid('Attachment Urls has too many items: at most 10')
  if (files.length > most) throw invalid('Attachment Files has too many items: at most 10')
  const fromUrls = urls.map(fromUrl)
  return files.length > 0 ? files.map(fromFile) : fromUrls
}

/** An attachment behind a URL, which is not fetched. */
export function fromUrl(url: unknown): Attachment {
  const parsed = typeof url === 'string' ? URL.parse(url) : null
  if (parsed === null || (parsed.protocol !== 'https:' && parsed.protocol !== 'http:')) {
    throw invalid('Attachment Urls is invalid')
  }
  const name = parsed.pathname.split('/').at(-1) || parsed.hostname
  return attachment(name, parsed.href, typeOf(name), 0)
}

function fromFile(file: unknown): Attachment {
  if (!isObject(file) || typeof file['name'] !== 'string' || typeof file['data'] !== 'string') {
    throw invalid('Attachment Files is invalid')
  }
  const { name, data, content_type: type } = file
  const url = `https://downloads.intercomcdn.com/i/o/local/${encodeURIComponent(name)}`
  const size = Buffer.byteLength(data, 'base64')
  return attachment(name, url, typeof type === 'string' ? type : typeOf(name), size)
}

function attachment(name: string, url: string, content_type: string, filesize: number): Attachment {
  return { type: 'upload', name, url, content_type, filesize, width: null, height: null }
}

function typeOf(name: string): string {
  const extension = name.slice(name.lastIndexOf('.') + 1).toLowerCase()
  return Object.hasOwn(types, extension)
    ? (types[extension] ?? 'application/octet-stream')
    : 'application/octet-stream'
}
