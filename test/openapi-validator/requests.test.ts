import assert from 'node:assert/strict'
import test from 'node:test'
import { HOW_TO_GET_THE_DESCRIPTION, loadValidator, type SentRequest } from './index.ts'

const validator = await loadValidator()
const skip = validator ? false : HOW_TO_GET_THE_DESCRIPTION

const CONTACT_ID = '6762f0dd1bb69f9f2193bb83'

function request(
  change: Partial<Omit<SentRequest, 'headers'>> & { headers?: Record<string, string> },
): SentRequest {
  const headers = new Headers({
    authorization: 'Bearer token',
    accept: 'application/json',
    'content-type': 'application/json',
    'intercom-version': '2.12',
    ...change.headers,
  })
  const body = { message_type: 'comment', type: 'admin', admin_id: '991267583', body: 'Hello' }
  return { method: 'POST', path: '/conversations/123/reply', body, ...change, headers }
}

const message = {
  message_type: 'inapp',
  body: 'Hello',
  from: { type: 'admin', id: '991267583' },
  to: { type: 'user', id: CONTACT_ID },
}

/** Invalid requests and the violation that each must report. */
const BROKEN_REQUESTS: Readonly<Record<string, readonly [Parameters<typeof request>[0], RegExp]>> = {
  'another version': [{ headers: { 'intercom-version': '2.14' } }, /intercom-version: 2.14, not 2.12/],
  'no token': [{ headers: { authorization: '' } }, /no bearer token/],
  'no wish for JSON': [{ headers: { accept: 'text/html' } }, /does not accept JSON/],
  'a body of another type': [{ headers: { 'content-type': 'text/plain' } }, /content-type: not JSON/],
  'a path of no operation': [{ path: '/conversations/123/replies' }, /not an operation of the description/],
  'an empty path segment': [{ path: '/conversations//reply' }, /not an operation of the description/],
  'an unknown body key': [{ path: '/messages', body: { ...message, colour: 'red' } }, /unknown key 'colour'/],
  'a missing body key': [{ path: '/messages', body: { ...message, to: undefined } }, /missing key 'to'/],
  'a wrong enum': [
    { path: '/messages', body: { ...message, message_type: 'fax' } },
    /message_type: must be one of/,
  ],
  'no body': [{ body: undefined }, /body is missing/],
  'a body where none is taken': [{ path: `/contacts/${CONTACT_ID}/archive` }, /takes no body/],
  'an unknown query parameter': [
    { method: 'GET', path: '/tags?colour=red', body: undefined },
    /query colour: unknown/,
  ],
  'no key of an object in the query': [
    { method: 'GET', path: '/events?type=user', body: undefined },
    /query filter: missing/,
  ],
  'a query value out of range': [
    { method: 'GET', path: '/conversations?per_page=500', body: undefined },
    /query per_page .*must be <= 150/,
  ],
}

test('requests as described pass, and so does the spelling inapp', { skip }, () => {
  for (const right of [
    request({}),
    request({ path: '/messages', body: message }),
    request({ method: 'GET', path: '/conversations?per_page=20', body: undefined }),
    request({ method: 'GET', path: '/events?type=user&email=a%40b.c', body: undefined }),
    request({
      path: '/contacts/search',
      body: { query: { field: 'email', operator: '=', value: 'a@b.c' }, pagination: { per_page: 5 } },
    }),
  ]) {
    assert.deepEqual(validator?.checkRequest(right), [])
  }
})

for (const [what, [change, violation]] of Object.entries(BROKEN_REQUESTS)) {
  test(`the validator catches a request with ${what}`, { skip }, () => {
    const body = change.body === undefined ? {} : { body: plain(change.body) }
    assert.match(validator?.checkRequest(request({ ...change, ...body })).join('\n') ?? '', violation)
  })
}

/** As JSON would carry it: keys that are undefined are gone. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value))
}
