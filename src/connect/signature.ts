import { createHmac, timingSafeEqual } from 'node:crypto'

/**
 * Whether Intercom has signed these bytes: the one `X-Body-Signature` is their HMAC-SHA256 in hex, by the client secret
 * (docs/intercom-api.md 7).
 */
export function isSignedBody(body: Uint8Array, signature: string | null, clientSecret: string): boolean {
  if (signature === null || !/^[\da-f]{64}$/i.test(signature)) return false
  const expected = createHmac('sha256', clientSecret).update(body).digest()
  return timingSafeEqual(Buffer.from(signature, 'hex'), expected)
}
