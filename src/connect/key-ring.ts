import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto'
import { IntercomError } from '../errors.ts'

const algorithm = 'aes-256-gcm'
const keyBytes = 32
const nonceBytes = 12
const tagBytes = 16
/** A key with fewer different bytes is not random. */
const fewestBytes = 12

/** A sealed text: nonce, ciphertext and tag, and the id of the key that opens it. */
export type Sealed = { key_id: string; sealed: Uint8Array }

/** Keys by which texts are sealed: the first seals, all of them open. */
export type KeyRing = {
  readonly current: string
  readonly ids: readonly string[]
  /** `bound`: what the text belongs to; it opens with exactly the same again. */
  seal(text: string, bound: string): Sealed
  /** `null` where it was changed, or is bound to something else. Throws an `IntercomError` without its key. */
  open(sealed: Sealed, bound: string): string | null
}

/**
 * Reads one or more keys, divided by blanks or commas, each of 32 random bytes as base64 or hexadecimal digits. Throws an
 * `IntercomError` that holds nothing of them.
 */
export function keyRingOf(text: string): KeyRing {
  const keys = new Map<string, Buffer>()
  for (const word of text.split(/[\s,]+/)) {
    if (word === '') continue
    const key = keyOf(word)
    keys.set(idOf(key), key)
  }
  const [first] = keys
  if (first === undefined) throw wrongKey('there is no key')
  const [current, sealing] = first
  return {
    current,
    ids: [...keys.keys()],
    seal(text, bound) {
      const nonce = randomBytes(nonceBytes)
      const cipher = createCipheriv(algorithm, sealing, nonce, { authTagLength: tagBytes })
      cipher.setAAD(Buffer.from(bound))
      const hidden = [cipher.update(text, 'utf8'), cipher.final()]
      return { key_id: current, sealed: Buffer.concat([nonce, ...hidden, cipher.getAuthTag()]) }
    },
    open({ key_id, sealed }, bound) {
      const key = keys.get(key_id)
      if (key === undefined)
        throw wrongKey(
          `this needs the key ${key_id}, which is not among those given (${[...keys.keys()].join(', ')})`,
        )
      const bytes = Buffer.from(sealed)
      if (bytes.length < nonceBytes + tagBytes) return null
      const nonce = bytes.subarray(0, nonceBytes)
      const decipher = createDecipheriv(algorithm, key, nonce, { authTagLength: tagBytes })
      decipher.setAAD(Buffer.from(bound))
      decipher.setAuthTag(bytes.subarray(-tagBytes))
      try {
        const plain = [decipher.update(bytes.subarray(nonceBytes, -tagBytes)), decipher.final()]
        return Buffer.concat(plain).toString('utf8')
      } catch {
        return null
      }
    },
  }
}

/** The id distinguishes keys and reveals nothing of them. */
function idOf(key: Buffer): string {
  return createHmac('sha256', key).update('modulex-intercom key id').digest('hex').slice(0, 8)
}

function keyOf(word: string): Buffer {
  const isHex = /^[\da-f]{64}$/i.test(word)
  const isBase64 = /^[\w+/-]{43}=?$/.test(word)
  if (!isHex && !isBase64) throw wrongKey('a key is 32 bytes, as base64 or hexadecimal digits')
  const key = Buffer.from(word, isHex ? 'hex' : 'base64')
  if (key.length !== keyBytes) throw wrongKey('a key is 32 bytes, as base64 or hexadecimal digits')
  if (new Set(key).size < fewestBytes) throw wrongKey('a key must be random')
  return key
}

export function wrongKey(message: string): IntercomError {
  return new IntercomError(message, {
    code: 'wrong_workspaces_key',
    hint: 'Nothing was sent. `openssl rand -base64 32` makes a key; of several keys the first encrypts, the others only decrypt.',
  })
}
