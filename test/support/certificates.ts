import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'

/** A certificate and its key in PEM, for a TLS server of `node:https` or `node:tls`. */
export type Certificate = { cert: string; key: string; name: string; keys: { privateKey: KeyObject } }

type Wanted = {
  /** Host names and IPv4 addresses. */
  hosts?: string[]
  /** Who signs it; itself without. */
  issuer?: Certificate
  from?: Date
  to?: Date
}

const day = 24 * 60 * 60_000

/** Makes an X.509 certificate, valid from yesterday until tomorrow: made when a test runs, so that none in a file expires. */
export function certificate(name: string, { hosts = [], issuer, from, to }: Wanted = {}): Certificate {
  const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const signer = issuer?.keys ?? keys
  const algorithm = sequence(oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02)) // ecdsa-with-SHA256
  const names = hosts.map((host) =>
    isAddress(host) ? tlv(0x87, bytesOf(host)) : tlv(0x82, Buffer.from(host)),
  )
  const extensions = [
    extension(0x13, sequence(...(hosts.length === 0 ? [tlv(0x01, Buffer.from([0xff]))] : []))), // basicConstraints
    ...(names.length === 0 ? [] : [extension(0x11, sequence(...names))]), // subjectAltName
  ]
  const toSign = sequence(
    tlv(0xa0, tlv(0x02, Buffer.from([2]))),
    tlv(0x02, Buffer.from([1, ...randomBytes(8)])),
    algorithm,
    nameOf(issuer?.name ?? name),
    sequence(time(from ?? new Date(Date.now() - day)), time(to ?? new Date(Date.now() + day))),
    nameOf(name),
    keys.publicKey.export({ type: 'spki', format: 'der' }),
    tlv(0xa3, sequence(...extensions)),
  )
  const signature = sign('sha256', toSign, signer.privateKey)
  const der = sequence(toSign, algorithm, tlv(0x03, Buffer.from([0]), signature))
  const body = der.toString('base64').replace(/.{1,64}/g, '$&\n')
  const cert = `-----BEGIN CERTIFICATE-----\n${body}-----END CERTIFICATE-----\n`
  return { cert, key: keys.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string, name, keys }
}

/** DER: a tag, a length, and the content. */
function tlv(tag: number, ...content: Buffer[]): Buffer {
  const body = Buffer.concat(content)
  const { length } = body
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...size]), body])
}

function sequence(...content: Buffer[]): Buffer {
  return tlv(0x30, ...content)
}

function oid(...bytes: number[]): Buffer {
  return tlv(0x06, Buffer.from(bytes))
}

function nameOf(text: string): Buffer {
  return sequence(tlv(0x31, sequence(oid(0x55, 0x04, 0x03), tlv(0x0c, Buffer.from(text))))) // commonName
}

function time(date: Date): Buffer {
  return tlv(0x18, Buffer.from(date.toISOString().replace(/[-:T]|\.\d+/g, '')))
}

function extension(id: number, content: Buffer): Buffer {
  return sequence(oid(0x55, 0x1d, id), tlv(0x04, content))
}

function isAddress(host: string): boolean {
  return /^\d+(\.\d+){3}$/.test(host)
}

function bytesOf(address: string): Buffer {
  return Buffer.from(address.split('.').map(Number))
}
