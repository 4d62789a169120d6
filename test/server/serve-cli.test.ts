import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { withoutSecrets } from '../../src/server/secret-like.ts'
import { commandLine } from '../support/command-line.ts'
import { scriptedToken } from '../support/scripted-intercom.ts'

const key = 'key-of-the-support-agent-0001'
const folder = mkdtempSync(join(tmpdir(), 'modulex-intercom-serve-'))
after(() => rmSync(folder, { recursive: true }))

function configFile(name: string, config: object): string {
  const path = join(folder, name)
  writeFileSync(path, JSON.stringify(config))
  return path
}

const refusal = async (env: Record<string, string>, ...flags: string[]) =>
  await commandLine(['serve', '--port', '0', ...flags], { env })

test('an address that others reach is refused without a key, and without names', async () => {
  const token = { INTERCOM_ACCESS_TOKEN: scriptedToken }
  for (const host of ['0.0.0.0', '::', '192.0.2.1', 'example.com']) {
    const { code, stdout, stderr } = await refusal(token, '--host', host)
    assert.deepEqual([code, stdout], [2, ''])
    assert.match(
      stderr,
      /without an API key would let anybody who can reach it act in Intercom: set MODULEX_INTERCOM_API_KEY/,
    )
  }
  const nameless = await refusal({ ...token, MODULEX_INTERCOM_API_KEY: key }, '--host', '0.0.0.0')
  assert.equal(nameless.code, 2)
  assert.match(nameless.stderr, /needs the host names that clients use: listen\.hosts/)
})

test('wrong usage is told in a sentence, without a secret', async () => {
  const token = { INTERCOM_ACCESS_TOKEN: scriptedToken }
  const keys = [{ name: 'a', key_env: 'KEY_A', access_token_env: 'INTERCOM_ACCESS_TOKEN' }]
  const good = configFile('good.json', { keys })
  const bad = configFile('bad.json', { keys: [{ ...keys[0], sends: 'maybe' }] })
  const policy = configFile('policy.json', { keys: [{ ...keys[0], deny: ['get_contcat'] }] })
  for (const [env, flags, message] of [
    [{}, [], /no access token: set INTERCOM_ACCESS_TOKEN/],
    [
      { ...token, MODULEX_INTERCOM_API_KEY: 'short' },
      [],
      /MODULEX_INTERCOM_API_KEY: a key must have 24 or more/,
    ],
    ...['', ' ', '\t\n'].map(
      (blank) =>
        [
          { ...token, MODULEX_INTERCOM_API_KEY: blank },
          [],
          /MODULEX_INTERCOM_API_KEY is set but empty: set it to a key .* or unset it/,
        ] as const,
    ),
    [{ ...token, MODULEX_INTERCOM_API_KEY: '' }, ['--local'], /MODULEX_INTERCOM_API_KEY is set but empty/],
    [
      { ...token, KEY_A: ' ' },
      ['--config', good],
      /good\.json: keys\[0\]\.key_env: the variable KEY_A is not set/,
    ],
    [token, ['--config', join(folder, 'none.json')], /none\.json: .*no such file/],
    [token, ['--config', bad], /bad\.json: keys\[0\]\.sends takes "allow", "confirm", "off"/],
    [token, ['--config', good], /good\.json: keys\[0\]\.key_env: the variable KEY_A is not set/],
    [
      { ...token, KEY_A: key },
      ['--config', good, '--read-only'],
      /--read-only and keys in --config exclude each other/,
    ],
    [{ ...token, KEY_A: key }, ['--config', policy], /get_contcat.*Did you mean "get_contact"/],
    [token, ['--sends', 'maybe'], /--sends takes allow, confirm, off/],
    [token, ['--approve', 'sends'], /--approve: unknown name "sends"\. Did you mean "send"\?/],
  ] as const) {
    const { code, stdout, stderr } = await refusal(env, ...flags)
    assert.deepEqual([code, stdout], [2, ''], stderr)
    assert.match(stderr, message)
    assert.doesNotMatch(stderr, /\n\s+at /)
    assert.ok(!stderr.includes(scriptedToken) && !stderr.includes(key))
  }
})

test('a secret in the wrong place of a configuration is not printed', async () => {
  const good = { name: 'a', key_env: 'KEY_A', access_token_env: 'INTERCOM_ACCESS_TOKEN' }
  const { key_env: _, ...noKey } = good
  const { access_token_env: __, ...noToken } = good
  const env = { INTERCOM_ACCESS_TOKEN: scriptedToken, KEY_A: key }
  let number = 0
  for (const secret of [
    '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    'f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a080',
    'dG9rOjEyMzQ1Njc4XzkwYWJfY2RlZl8xMjM0XzU2Nzg5MGFiY2RlZjoxOjA=',
    'sk_live_51H8abcDEFghiJKLmnoPQRstu',
    'correcthorsebatterystapletrombone',
    'f81d4fae-7dec-11d0-a765-00a0c91e6bf6',
  ])
    for (const config of [
      { keys: [{ ...good, key_env: secret }] },
      { keys: [{ ...noKey, key_file: secret }] },
      { keys: [{ ...noToken, access_token_env: secret }] },
      { keys: [{ ...noToken, access_token_file: secret }] },
      { keys: [{ ...noToken, access_token_file: `./${secret}` }] },
      { keys: [{ ...good, base_url: secret }] },
      { keys: [{ ...good, base_url: `https://${secret.replaceAll(/[_=]/g, '')}` }] },
      { keys: [{ ...good, base_url: `https://api.intercom.io/${secret}` }] },
      { keys: [{ ...good, only: [secret] }] },
      { keys: [{ ...good, deny: ['list_tags', secret] }] },
      { keys: [{ ...good, parameter_overrides: { [secret]: { body: 'x' } } }] },
      { keys: [{ ...good, parameter_defaults: { create_note: { [secret]: 'x' } } }] },
      { keys: [{ ...good, parameter_defaults: { list_conversations: { per_page: secret } } }] },
      { keys: [{ ...good, sends: secret }] },
      { keys: [{ ...good, [secret]: 'x' }] },
      { keys: [good], [secret]: {} },
      { keys: [good], listen: { hosts: [`${secret}/`] } },
      { keys: [good], listen: { host: `${secret}.invalid` } },
    ]) {
      number += 1
      const file = configFile(`secret-${number}.json`, config)
      const { code, stderr } = await refusal(env, '--config', file)
      const message = stderr.replaceAll(file, '').toLowerCase()
      assert.equal(code, 2, JSON.stringify(config))
      const start = secret.toLowerCase().replaceAll(/[_=]/g, '').slice(0, 14)
      assert.ok(!message.replaceAll('_', '').includes(start), stderr)
      assert.ok(message.length > 60, stderr)
    }
})

test('what names something stays in an error', () => {
  for (const message of [
    'keys[0].key_env: the variable MODULEX_INTERCOM_SUPPORT_KEY_2 is not set',
    'keys[0].key_file: "/run/secrets/intercom-2026/support.key" cannot be read',
    'unknown action "send_message_to_contacts". Did you mean "send_message_to_contact"?',
    "mcp-1.eu-central-1.example.com is not one of Intercom's hosts. Use https://api.eu.intercom.io",
    'keys[12].parameter_overrides.reply_to_conversation takes an object',
    'listen.origins takes an origin like https://app.example.com',
  ])
    assert.equal(withoutSecrets(message), message)
})
