import type { ServerResponse } from 'node:http'
import { brotliCompressSync, createGzip, gzipSync, constants as zlib } from 'node:zlib'

const mebibyte = 1024 * 1024

const gzipMember = gzipSync(Buffer.alloc(64 * mebibyte))
const brotli = brotliCompressSync(Buffer.alloc(512 * mebibyte), {
  params: { [zlib.BROTLI_PARAM_QUALITY]: 1 },
})

/** Much of nothing, as it comes over the wire. */
export const bombs: Record<string, (response: ServerResponse) => void> = {
  gzip: (response) => {
    response.writeHead(200, { 'content-encoding': 'gzip' })
    for (let n = 0; n < 32; n++) response.write(gzipMember) // a gzip file may have several members
    response.end()
  },
  br: (response) => response.writeHead(200, { 'content-encoding': 'br' }).end(brotli),
  'gzip that never ends': (response) => {
    response.writeHead(200, { 'content-encoding': 'gzip' }).on('error', () => {})
    const gzip = createGzip()
    gzip.pipe(response)
    const block = Buffer.alloc(mebibyte)
    const more = () => {
      while (!response.destroyed && gzip.write(block));
    }
    gzip.on('drain', more)
    more()
  },
  'no encoding, and no end': (response) => {
    response.writeHead(200).on('error', () => {})
    const block = Buffer.alloc(mebibyte, 0x20)
    const more = () => {
      while (!response.destroyed && response.write(block));
    }
    response.on('drain', more)
    more()
  },
}
