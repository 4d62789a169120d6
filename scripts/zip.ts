import { crc32, deflateRawSync } from 'node:zlib'

/** A file of an archive: its path in it, with `/`. */
export type Zipped = { path: string; content: Buffer; isExecutable?: boolean }

/** 1980-01-01, the first day of the format: the same files make the same archive. */
const firstDay = 0x21

/**
 * A zip archive (https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT) of files of less than 4 GiB together, with
 * names in UTF-8.
 */
export function zip(files: readonly Zipped[]): Buffer {
  const parts: Buffer[] = []
  const entries: Buffer[] = []
  let at = 0
  for (const { path, content, isExecutable = false } of files) {
    const name = Buffer.from(path)
    const deflated = deflateRawSync(content, { level: 9 })
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0) // version to extract
    common.writeUInt16LE(0x0800, 2) // UTF-8
    common.writeUInt16LE(8, 4) // deflated
    common.writeUInt16LE(firstDay, 8)
    common.writeUInt32LE(crc32(content), 10)
    common.writeUInt32LE(deflated.length, 14)
    common.writeUInt32LE(content.length, 18)
    common.writeUInt16LE(name.length, 22)
    parts.push(Buffer.from('PK\x03\x04', 'latin1'), common, name, deflated)

    const entry = Buffer.alloc(46)
    entry.write('PK\x01\x02', 'latin1')
    entry.writeUInt16LE(0x031e, 4) // made on Unix, whose permissions follow
    common.copy(entry, 6)
    entry.writeUInt32LE((isExecutable ? 0o100755 : 0o100644) * 0x10000, 38)
    entry.writeUInt32LE(at, 42)
    entries.push(entry, name)
    at += 30 + name.length + deflated.length
  }
  const directory = Buffer.concat(entries)
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 'latin1')
  end.writeUInt16LE(files.length, 8)
  end.writeUInt16LE(files.length, 10)
  end.writeUInt32LE(directory.length, 12)
  end.writeUInt32LE(at, 16)
  return Buffer.concat([...parts, directory, end])
}
