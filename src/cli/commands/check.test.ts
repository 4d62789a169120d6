import assert from 'node:assert/strict'
import { test } from 'node:test'
import { homeOf } from './check.ts'

test('a base URL of another region is told from the right one, and from what nobody can say', () => {
  const [us, eu] = ['https://api.intercom.io', 'https://api.eu.intercom.io']
  assert.deepEqual(homeOf('EU', us), { host: eu, isHome: false })
  assert.deepEqual(homeOf('EU', eu), { host: eu, isHome: true })
  assert.deepEqual(homeOf('EU', 'http://127.0.0.1:8080'), { host: eu, isHome: null })
  assert.deepEqual(homeOf('MARS', us), { host: null, isHome: null })
  assert.deepEqual(homeOf(null, us), { host: null, isHome: null })
})
