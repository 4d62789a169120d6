// Makes docs/images/studio-*.png, the views in both themes, and writes down which Chromium drew them.
import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { launched } from '../chromium.ts'
import { picturesOf, shop, themes } from './pictures.ts'
import { visitorsOf } from './support.ts'

const folder = process.argv[2] ?? fileURLToPath(new URL('../../docs/images/', import.meta.url))
mkdirSync(folder, { recursive: true })
const server = await shop()
const browser = await launched()
const open = visitorsOf(browser, server)
for (const theme of themes)
  for (const [name, picture] of await picturesOf(server, open, theme))
    writeFileSync(`${folder}/${name}`, picture)
const drawn = `{ "chromium": ${JSON.stringify(browser.version())} }\n`
writeFileSync(fileURLToPath(new URL('screenshots.json', import.meta.url)), drawn)
await browser.close()
await server.stop()
