import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bombs } from '../support/bombs.ts'
import { runCommand } from '../support/run-command.ts'
import { scriptedIntercom } from '../support/scripted-intercom.ts'

const contact = { type: 'contact', id: '0123456789abcdef01234567', role: 'user' }

test('answers of gigabytes are never held in memory', async () => {
  const replies = [{ json: contact }, ...Object.values(bombs)]
  const servers = await Promise.all(replies.map((reply) => scriptedIntercom([reply])))
  const script = `
    import { createIntercom } from ${JSON.stringify(new URL('../../src/index.ts', import.meta.url).href)}
    for (const baseUrl of ${JSON.stringify(servers.map(({ url }) => url))}) {
      const intercom = createIntercom({ accessToken: 'test', baseUrl })
      for (let n = 0; n < 3; n++) await intercom.getContact({ contact_id: '1' })
      console.log(process.resourceUsage().maxRSS)
    }`
  const { code, stdout, stderr } = await runCommand(process.execPath, [
    '--input-type=module',
    '--eval',
    script,
  ])
  assert.equal(code, 0, stderr)
  const [usual = 0, ...most] = stdout.split('\n', servers.length).map(Number)
  for (const [n, what] of Object.keys(bombs).entries()) {
    const more = Number(most[n]) - usual
    assert.ok(more < 200 * 1024, `up to ${what}: ${Math.round(more / 1024)} MiB more`)
  }
  await Promise.all(servers.map((server) => server.close()))
})
