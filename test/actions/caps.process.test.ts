import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { bombs } from '../support/bombs.ts'
import { runCommand } from '../support/run-command.ts'
import { scriptedIntercom } from '../support/scripted-intercom.ts'

const contact = { type: 'contact', id: '0123456789abcdef01234567', role: 'user' }
const mebibyte = 1024 * 1024

const directory = mkdtempSync(join(tmpdir(), 'modulex-intercom-caps-'))
after(() => rmSync(directory, { recursive: true, force: true }))

/** The most memory, in bytes, that a process of its own ever held, which asks for a contact three times. */
async function mostMemory(url: string): Promise<number> {
  const script = `
    import { createIntercom } from ${JSON.stringify(new URL('../../src/index.ts', import.meta.url).href)}
    const intercom = createIntercom({ accessToken: 'test', baseUrl: ${JSON.stringify(url)} })
    for (let n = 0; n < 3; n++) await intercom.getContact({ contact_id: '1' })
    process.stdout.write(String(process.resourceUsage().maxRSS))`
  const { code, stdout, stderr } = await runCommand(process.execPath, [
    '--input-type=module',
    '--eval',
    script,
  ])
  assert.equal(code, 0, stderr)
  return Number(stdout) * 1024
}

test('answers of gigabytes are never held in memory', async () => {
  const small = await scriptedIntercom([{ json: contact }])
  const usual = await mostMemory(small.url)
  await small.close()
  for (const [what, bomb] of Object.entries(bombs)) {
    const server = await scriptedIntercom([bomb])
    const more = (await mostMemory(server.url)) - usual
    await server.close()
    assert.ok(more < 200 * mebibyte, `${what}: ${Math.round(more / mebibyte)} MiB more`)
  }
})
