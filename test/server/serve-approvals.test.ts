// `serve` with a person who decides: its flags, variables and configuration.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { keys } from '../support/approvals-desk.ts'
import { commandLine } from '../support/command-line.ts'

const folder = mkdtempSync(join(tmpdir(), 'modulex-intercom-serve-approvals-'))
after(() => rmSync(folder, { recursive: true }))

function configFile(name: string, config: object): string {
  const path = join(folder, name)
  writeFileSync(path, JSON.stringify(config))
  return path
}

test('who decides is checked before it listens', async () => {
  const env = {
    INTERCOM_ACCESS_TOKEN: 'token-of-the-workspace',
    MODULEX_INTERCOM_API_KEY: keys.agent,
    AGENT: keys.agent,
    SECRET: 'secret-of-the-notifications',
  }
  const key = { name: 'agent', key_env: 'AGENT', access_token_env: 'INTERCOM_ACCESS_TOKEN', sends: 'confirm' }
  const confirm = ['--sends', 'confirm', '--approvals', join(folder, 'refused.db')]
  const config = (name: string, own: object) => ['--config', configFile(name, { keys: [key], ...own })]
  for (const [own, flags, message] of [
    [{ MODULEX_INTERCOM_OPERATOR_KEY: '' }, confirm, /MODULEX_INTERCOM_OPERATOR_KEY is set but empty/],
    [{ MODULEX_INTERCOM_OPERATOR_KEY: ' ' }, ['--local', ...confirm], /OPERATOR_KEY is set but empty/],
    [
      { MODULEX_INTERCOM_OPERATOR_KEY: 'short' },
      confirm,
      /MODULEX_INTERCOM_OPERATOR_KEY: a key must have 24/,
    ],
    [{ MODULEX_INTERCOM_OPERATOR_KEY: keys.agent }, confirm, /operator's key cannot be an API key too/],
    [
      {},
      config('same.json', { operators: [{ name: 'ada', key_env: 'AGENT' }] }),
      /same\.json: operators\[0\]: an operator's key cannot be an API key too/,
    ],
    [
      { ADA: keys.ada },
      config('public.json', {
        listen: { host: '0.0.0.0', hosts: ['mcp.example.com'] },
        operators: [{ name: 'ada', key_env: 'ADA' }],
      }),
      /operators need listen\.public_url/,
    ],
    [
      {},
      config('hook.json', {
        approvals: { notify_url: 'http://hooks.example.com/', notify_secret_env: 'SECRET' },
      }),
      /hook\.json: approvals\.notify_url takes an https URL/,
    ],
    [
      {},
      config('secret.json', {
        approvals: { notify_url: 'https://hooks.example.com/', notify_secret_env: 'NO_SECRET' },
      }),
      /approvals\.notify_secret_env: the variable NO_SECRET is not set/,
    ],
    [{}, [...confirm, '--confirm-by', 'form,page'], /--confirm-by takes form, app/],
    [
      { ADA: keys.ada },
      [...config('own.json', {}), '--confirm-by', ''],
      /--confirm-by and keys in --config exclude/,
    ],
    [{}, ['--sends', 'confirm', '--approvals', folder], /the file of approvals cannot be opened/],
  ] as const) {
    const { code, stdout, stderr } = await commandLine(['serve', '--port', '0', ...flags], {
      env: { ...env, ...own },
    })
    assert.deepEqual([code, stdout], [2, ''], stderr)
    assert.match(stderr, message)
    assert.doesNotMatch(stderr, /\n\s+at /)
    for (const secret of [keys.agent, keys.ada, env.INTERCOM_ACCESS_TOKEN, env.SECRET])
      assert.ok(!stderr.includes(secret))
  }
})
