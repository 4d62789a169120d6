import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { certificate } from '../support/certificates.ts'
import { answering, type ConnectProxy, connectProxy, tunnelTo } from '../support/connect-proxy.ts'
import { runCommand } from '../support/run-command.ts'
import { scriptedToken } from '../support/scripted-intercom.ts'
import { authority, certificateOfIntercom, tlsIntercom } from '../support/tls-intercom.ts'

const bin = fileURLToPath(new URL('../../src/cli/bin.ts', import.meta.url))
const password = 'hunter2-canary-5821'
const me = {
  type: 'admin',
  id: '7',
  name: 'Ada',
  email: 'ada@example.com',
  app: { id_code: 'abc', region: 'US' },
}
const folder = mkdtempSync(join(tmpdir(), 'proxy-'))
const authorityFile = join(folder, 'authority.pem')
writeFileSync(authorityFile, authority.cert)
let intercom: Awaited<ReturnType<typeof tlsIntercom>>

before(async () => {
  const answer = (response: ServerResponse) =>
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ ...me, data: [] }))
  intercom = await tlsIntercom(certificateOfIntercom(), answer)
})
after(async () => {
  await intercom.close()
  rmSync(folder, { recursive: true })
})

/** Runs a command whose only way to Intercom is a proxy. */
async function through(
  proxy: Pick<ConnectProxy, 'url'>,
  args: string[],
  more: Record<string, string> = {},
  input?: string,
) {
  const HTTPS_PROXY = proxy.url.replace('//', `//jo:${password}@`)
  const env = {
    INTERCOM_ACCESS_TOKEN: scriptedToken,
    NODE_EXTRA_CA_CERTS: authorityFile,
    HTTPS_PROXY,
    ...more,
  }
  const ended = await runCommand(
    process.execPath,
    [bin, ...args],
    input === undefined ? { env } : { env, input },
  )
  assert.doesNotMatch(ended.stdout + ended.stderr, new RegExp(password))
  return ended
}

test('check and run go through the proxy of the environment, check names it, and neither waits for it to end', async () => {
  for (const own of [undefined, certificate('proxy', { hosts: ['127.0.0.1'], issuer: authority })]) {
    const proxy = await connectProxy([tunnelTo(intercom.port)], own)
    const from = performance.now()
    const check = await through(proxy, ['check'])
    assert.equal(check.code, 0, check.stdout + check.stderr)
    assert.deepEqual(JSON.parse(check.stdout).proxy, { url: proxy.url, variable: 'HTTPS_PROXY' })
    assert.ok(check.stderr.includes(`through the proxy ${proxy.url} (HTTPS_PROXY)`), check.stderr)
    const run = await through(proxy, ['run', 'list_tags'])
    assert.equal(JSON.parse(run.stdout).success, true, run.stdout)
    assert.equal(proxy.received.length, 2)
    assert.ok(performance.now() - from < 30_000, 'an open tunnel keeps no command from ending')
    await proxy.close()
  }
})

test('without the file of the authority the error names NODE_EXTRA_CA_CERTS', async () => {
  const proxy = await connectProxy([tunnelTo(intercom.port)])
  const { code, stdout } = await through(proxy, ['check'], { NODE_EXTRA_CA_CERTS: '' })
  assert.equal(code, 1)
  assert.match(
    JSON.parse(stdout).error,
    /^check: tls_failed: .*api\.intercom\.io is from an authority .*NODE_EXTRA_CA_CERTS/,
  )
  await proxy.close()
})

test('a proxy that refuses is told by name and answer; --local needs none', async () => {
  const proxy = await connectProxy([answering('407 Proxy Authentication Required')])
  const { code, stdout } = await through(proxy, ['check'])
  const { error, proxy: used } = JSON.parse(stdout)
  assert.deepEqual([code, used.url], [1, proxy.url])
  assert.match(error, /^check: proxy_auth_required: the proxy \S+ \(HTTPS_PROXY\) did not accept/)
  const local = await through(proxy, ['check', '--local'])
  assert.deepEqual([local.code, JSON.parse(local.stdout).proxy], [0, null])
  assert.equal(proxy.received.length, 1)
  await proxy.close()
})

test('mcp starts with a variable that is no proxy, and says so in answer to every call', async () => {
  const request = {
    jsonrpc: '2.0',
    id: 1,
    method: 'tools/call',
    params: { name: 'list_tags', arguments: {} },
  }
  const clientInfo = { name: 'test', version: '1' }
  const params = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo }
  const lines = [{ jsonrpc: '2.0', id: 0, method: 'initialize', params }, request]
  const input = lines.map((line) => `${JSON.stringify(line)}\n`).join('')
  const { code, stdout } = await through({ url: '//proxy:port' }, ['mcp'], {}, input)
  assert.equal(code, 0)
  assert.match(
    stdout,
    /invalid_proxy: HTTPS_PROXY is not the URL of a proxy\. .*Set that variable where the host starts this server/,
  )
})
