import assert from 'node:assert/strict'
import { test } from 'node:test'
import { commandLine } from '../support/command-line.ts'
import { scriptedToken } from '../support/scripted-intercom.ts'

const password = 'hunter2-canary-5821'

test('a variable that is no proxy ends every command that asks Intercom with its name', async () => {
  const env = {
    INTERCOM_ACCESS_TOKEN: scriptedToken,
    MODULEX_INTERCOM_API_KEY: 'k'.repeat(32),
    HTTPS_PROXY: `//jo:${password}@proxy:port`,
  }
  for (const args of [['check'], ['run', 'list_tags'], ['serve', '--port', '0'], ['worker']]) {
    const { code, stdout, stderr } = await commandLine(args, { env })
    assert.doesNotMatch(stdout + stderr, new RegExp(password))
    assert.equal(code, 2, args[0])
    assert.match(stderr, /modulex-intercom: HTTPS_PROXY is not the URL of a proxy/)
  }
})
