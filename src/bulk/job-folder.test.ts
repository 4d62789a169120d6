import assert from 'node:assert/strict'
import fs, { chmodSync, mkdirSync, mkdtempSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { openFolder } from './job-folder.ts'

const root = mkdtempSync(join(tmpdir(), 'job-folder-'))

/** A folder that others may read, and a link to it. */
function folderAndLink(name: string) {
  const [folder, link] = [join(root, name), join(root, `${name}-link`)]
  mkdirSync(folder)
  chmodSync(folder, 0o755)
  symlinkSync(folder, link)
  return { folder, link }
}

/** As if a file, or what it leads to, were another user's. */
function ofAnother(t: TestContext, look: 'lstatSync' | 'statSync') {
  const { uid } = fs[look](root)
  const real = fs[look]
  t.mock.method(fs, look, (path: string) => Object.assign(real(path) as object, { uid: uid + 1 }))
  syncBuiltinESMExports()
}

for (const look of ['lstatSync', 'statSync'] as const) {
  test(`a job folder is not used whose ${look} says that another user owns it`, (t) => {
    const { folder, link } = folderAndLink(look)
    ofAnother(t, look)
    t.after(() => syncBuiltinESMExports())
    for (const path of [folder, link]) assert.throws(() => openFolder(path), /it belongs to another user/)
    t.mock.reset()
    assert.deepEqual([statSync(folder).mode & 0o777, fs.readdirSync(folder)], [0o755, []])
  })
}

test('one’s own link to a job folder is followed', () => {
  const { folder, link } = folderAndLink('own')
  openFolder(link).close()
  assert.equal(statSync(folder).mode & 0o777, 0o700)
})

test('a lock that is a link is not followed, and what is refused keeps its permissions', () => {
  const { folder } = folderAndLink('lock')
  const target = join(root, 'target')
  writeFileSync(target, 'of somebody else', { mode: 0o644 })
  symlinkSync(target, join(folder, 'lock.db'))
  assert.throws(() => openFolder(folder), /it is a symbolic link; name the file itself/)
  assert.deepEqual([statSync(target).mode & 0o777, statSync(folder).mode & 0o777], [0o644, 0o755])
})

test('a folder with other files is not used, and keeps its permissions', () => {
  const { folder } = folderAndLink('other')
  writeFileSync(join(folder, 'diary.txt'), 'Dear diary', { mode: 0o644 })
  assert.throws(() => openFolder(folder), /it is not empty and is not a job folder/)
  const files = [folder, join(folder, 'diary.txt')].map((path) => statSync(path).mode & 0o777)
  assert.deepEqual([files, fs.readdirSync(folder)], [[0o755, 0o644], ['diary.txt']])
})
