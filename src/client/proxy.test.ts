import assert from 'node:assert/strict'
import { test } from 'node:test'
import { proxyFor } from './proxy.ts'

const intercom = 'https://api.intercom.io'
const HTTPS_PROXY = 'http://proxy.example:3128'

test('NO_PROXY lists hosts with their subdomains, ports, addresses and ranges', () => {
  const exempts: [list: string, origin: string, exempt: boolean][] = [
    ['*', intercom, true],
    ['other.example, *', intercom, true],
    ['*:443', intercom, true],
    ['*:80', intercom, false],
    ['api.intercom.io', intercom, true],
    ['API.Intercom.IO', intercom, true],
    ['api.intercom.io.', intercom, true],
    ['intercom.io', intercom, true],
    ['.intercom.io', intercom, true],
    ['*.intercom.io', intercom, true],
    ['*intercom.io', intercom, true],
    ['io', intercom, true],
    ['*.', intercom, false],
    ['.', intercom, false],
    ['*.intercom.io.', intercom, true],
    ['api.intercom.io:443', intercom, true],
    ['.intercom.io:443', intercom, true],
    ['api.intercom.io:8443', intercom, false],
    ['*.api.intercom.io', intercom, false],
    ['.api.intercom.io', intercom, true],
    ['pi.intercom.io', intercom, false],
    ['api.intercom.io.evil.example', intercom, false],
    ['localhost,127.0.0.1', intercom, false],
    ['a.example b.example\tapi.intercom.io', intercom, true],
    [' , ,', intercom, false],
    ['', intercom, false],
    [':443', intercom, false],
    ['https://api.intercom.io', intercom, false],
    ['api.intercom.io', 'https://api.intercom.io.', true],
    ['proxy.example:8443', 'https://proxy.example:8443', true],
    ['10.1.2.3', 'https://10.1.2.3', true],
    ['3', 'https://10.1.2.3', false],
    ['*.3', 'https://10.1.2.3', false],
    ['10.0.0.0/8', 'https://10.1.2.3', true],
    ['10.0.0.0/8', 'https://11.1.2.3', false],
    ['10.0.0.0/', 'https://10.1.2.3', false],
    ['10.0.0.0/-1', 'https://10.1.2.3', false],
    ['10.0.0.0/99', 'https://10.1.2.3', false],
    ['10.0.0.0/x', 'https://10.1.2.3', false],
    ['10.1.2.3:443', 'https://10.1.2.3', true],
    ['fd00::1', 'https://[fd00::1]', true],
    ['[fd00::1]', 'https://[fd00::1]', true],
    ['FD00:0::0001', 'https://[fd00::1]', true],
    ['[fd00::1]:443', 'https://[fd00::1]', true],
    ['[fd00::1]:80', 'https://[fd00::1]', false],
    ['fd00::/8', 'https://[fd00::1]', true],
    ['10.0.0.0/8', 'https://[fd00::1]', false],
  ]
  for (const [list, origin, exempt] of exempts) {
    for (const name of ['NO_PROXY', 'no_proxy']) {
      const proxy = proxyFor(origin, { HTTPS_PROXY, [name]: list })
      assert.equal(proxy === null, exempt, `${name}=${list} for ${origin}`)
    }
  }
})

test('the first variable that is not blank names the proxy, the lower case before the upper', () => {
  const found = (environment: Record<string, string>) => {
    const proxy = proxyFor(intercom, environment)
    return proxy && `${proxy.variable} ${proxy.url}`
  }
  assert.equal(found({}), null)
  assert.equal(found({ HTTPS_PROXY: ' ', https_proxy: '', HTTP_PROXY: '\t' }), null)
  const all = {
    https_proxy: 'http://a',
    HTTPS_PROXY: 'http://b',
    http_proxy: 'http://c',
    HTTP_PROXY: 'http://d',
  }
  assert.equal(found(all), 'https_proxy http://a')
  assert.equal(found({ ...all, https_proxy: ' ' }), 'HTTPS_PROXY http://b')
  assert.equal(found({ ...all, https_proxy: '', HTTPS_PROXY: '' }), 'http_proxy http://c')
  assert.equal(found({ HTTP_PROXY: 'http://d' }), 'HTTP_PROXY http://d')
  assert.equal(found({ ALL_PROXY: 'http://e' }), null)
})

test('a proxy is a URL, or a host and port alone; its password is in the header for it and nowhere else', () => {
  const proxies: [value: string, url: string, login?: string][] = [
    ['http://proxy.example:3128', 'http://proxy.example:3128'],
    ['HTTP://Proxy.Example:3128/', 'http://proxy.example:3128'],
    ['https://proxy.example', 'https://proxy.example'],
    ['proxy.example:3128', 'http://proxy.example:3128'],
    ['127.0.0.1:3128', 'http://127.0.0.1:3128'],
    ['localhost:3128', 'http://localhost:3128'],
    [' http://[::1]:3128\n', 'http://[::1]:3128'],
    ['http://jo:secret@proxy.example:3128', 'http://proxy.example:3128', 'jo:secret'],
    ['jo:secret@proxy.example:3128', 'http://proxy.example:3128', 'jo:secret'],
    ['http://jo@proxy.example', 'http://proxy.example', 'jo:'],
    ['http://corp%5Cjo:a%40b%2Fc%20ü@proxy.example', 'http://proxy.example', 'corp\\jo:a@b/c ü'],
  ]
  for (const [value, url, login] of proxies) {
    const proxy = proxyFor(intercom, { HTTPS_PROXY: value })
    assert.equal(proxy?.url, url, value)
    const authorization = login && `Basic ${Buffer.from(login).toString('base64')}`
    assert.equal(proxy?.authorization, authorization, value)
  }
})

test('loopback is never reached through a proxy, whatever is set', () => {
  for (const origin of ['http://127.0.0.1:1', 'http://localhost:1', 'https://[::1]', 'https://127.9.9.9']) {
    for (const value of [HTTPS_PROXY, 'not a proxy']) {
      assert.equal(proxyFor(origin, { HTTPS_PROXY: value, HTTP_PROXY: value }), null)
    }
  }
})
