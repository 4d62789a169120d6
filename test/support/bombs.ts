import type { ServerResponse } from 'node:http'
import { createGzip, gzipSync } from 'node:zlib'

const mebibyte = 1024 * 1024

const gzipMember = gzipSync(Buffer.alloc(mebibyte))
/** How zeros begin in Brotli (quality 9, a window of 24 bits), and what stands for each further 128 MiB of them. */
const brotliBegin = 'cfffff7f002400e2b14072'
const brotliMore =
  'effff9ffff0f8004401c1680eefd3fffffff01900088c302d0bdffe7ffff3f001200715800baf7fffcffff074002200e0b40f7fe9f' +
  'ffffff004800c46101e8defff3ffff1f000980382c00ddfb7ffeffff032001108705a07bffcfffff7f002400e2b00074'
const brotli = Buffer.from(brotliBegin + brotliMore.repeat(16), 'hex')

/** Much of nothing, as it comes over the wire. */
export const bombs: Record<string, (response: ServerResponse) => void> = {
  gzip: (response) => {
    response.writeHead(200, { 'content-encoding': 'gzip' })
    for (let n = 0; n < 2048; n++) response.write(gzipMember) // a gzip file may have several members
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
