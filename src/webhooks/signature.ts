import { createHmac, timingSafeEqual } from 'node:crypto'

/**
 * The digest of a well-formed `X-Hub-Signature` (docs/intercom-api.md 6); `null` for none, several, or
 * another form.
 */
export function digestOf(header: string | null): Buffer | null {
  const hex = /^sha1=([0-9a-f]{40})$/.exec(header ?? '')?.[1]
  return hex === undefined ? null : Buffer.from(hex, 'hex')
}

/** Whether the digest is the HMAC-SHA1 of exactly these bytes, in a time that says nothing of the right one. */
export function isSigned(body: Uint8Array, digest: Buffer, clientSecret: string): boolean {
  const right = createHmac('sha1', clientSecret).update(body).digest()
  return digest.length === right.length && timingSafeEqual(digest, right)
}
