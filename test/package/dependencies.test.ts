import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import lock from '../../package-lock.json' with { type: 'json' }
import { dependencies } from '../../scripts/dependencies.ts'

type Locked = { dev?: boolean; link?: boolean; hasInstallScript?: boolean; [other: string]: unknown }

const all = dependencies(fileURLToPath(new URL('../..', import.meta.url)))

test('no package that is installed with this one runs a script when it is', () => {
  const locked = Object.entries<Locked>(lock.packages).filter(
    ([path, { dev, link }]) => path.startsWith('node_modules/') && !dev && !link,
  )
  assert.deepEqual(
    locked.map(([path]) => path.replace('node_modules/', '')).sort(),
    all.map(({ name }) => name),
  )
  assert.deepEqual(
    locked.filter(([, { hasInstallScript }]) => hasInstallScript),
    [],
  )
  assert.deepEqual(
    all.filter(({ installScripts }) => installScripts.length > 0),
    [],
  )
})

test('a script of a package below another is found', (t) => {
  const root = mkdtempSync(join(tmpdir(), 'modulex-intercom-dependencies-'))
  t.after(() => rmSync(root, { recursive: true }))
  const put = (path: string, manifest: object) => {
    mkdirSync(join(root, path), { recursive: true })
    writeFileSync(join(root, path, 'package.json'), JSON.stringify(manifest))
  }
  put('.', { dependencies: { a: '1' } })
  put('node_modules/a', { dependencies: { b: '1' } })
  put('node_modules/b', { scripts: { postinstall: 'x', test: 'y' } })
  const scripts = dependencies(root).map(({ name, installScripts, from }) => [name, installScripts, from])
  assert.deepEqual(scripts, [
    ['a', [], null],
    ['b', ['postinstall'], 'a'],
  ])
})
