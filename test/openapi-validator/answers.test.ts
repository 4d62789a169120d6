import assert from 'node:assert/strict'
import test from 'node:test'
import { HOW_TO_GET_THE_DESCRIPTION, loadValidator, type ReceivedAnswer } from './index.ts'

const validator = await loadValidator()
const skip = validator ? false : HOW_TO_GET_THE_DESCRIPTION

const REQUEST_ID = '002coraag9ip86oaalt0'
const CONTACT_ID = '6762f0dd1bb69f9f2193bb83'

const author = {
  type: 'admin',
  id: '991267583',
  name: 'Ada Lovelace',
  email: 'ada@example.com',
  away_mode_enabled: false,
  away_mode_reassign: false,
  has_inbox_seat: true,
  team_ids: [],
  team_priority_level: {},
}
const note = {
  type: 'note',
  id: '15',
  created_at: 1_734_537_454,
  contact: { type: 'contact', id: CONTACT_ID },
  author,
  body: '<p>Hello</p>',
}
const noteList = (pages: object) => ({
  type: 'list',
  data: [note],
  total_count: 1,
  pages: { type: 'pages', next: null, page: 1, per_page: 50, total_pages: 1, ...pages },
})
const error = (code: string, request_id: string | null = REQUEST_ID) => ({
  type: 'error.list',
  request_id,
  errors: [{ code, message: 'No' }],
})

function answer(
  change: Partial<Omit<ReceivedAnswer, 'headers'>> & { headers?: Record<string, string | null> },
): ReceivedAnswer {
  const headers = new Headers({
    'content-type': 'application/json; charset=utf-8',
    'x-request-id': REQUEST_ID,
    'intercom-version': '2.12',
    'x-intercom-version': '0'.repeat(40),
    'x-runtime': '0.012',
    'cache-control': 'max-age=0, private, must-revalidate',
    vary: 'Accept-Encoding',
    status: `${change.status ?? 200} Words`,
    etag: `W/"${'0'.repeat(32)}"`,
    'x-ratelimit-limit': '1666',
    'x-ratelimit-remaining': '1665',
    'x-ratelimit-reset': '1734537460',
  })
  for (const [name, value] of Object.entries(change.headers ?? {})) {
    if (value === null) headers.delete(name)
    else headers.set(name, value)
  }
  return { method: 'GET', path: '/notes/15', status: 200, body: note, ...change, headers }
}

/** Invalid answers and the violation that each must report. */
const BROKEN: Readonly<Record<string, readonly [Parameters<typeof answer>[0], RegExp]>> = {
  'an unknown key': [{ body: { ...note, colour: 'red' } }, /unknown key 'colour'/],
  'an unknown key deep inside': [
    { body: { ...note, author: { ...author, pet: 1 } } },
    /author: unknown key 'pet'/,
  ],
  'a missing key': [{ body: { ...note, author: undefined } }, /missing key 'author'/],
  'a key missing deep inside': [
    { body: { ...note, author: { ...author, team_ids: undefined } } },
    /author: missing/,
  ],
  'a wrong type': [{ body: { ...note, created_at: '1734537454' } }, /created_at: must be integer/],
  'null where none may be': [{ body: { ...note, body: null } }, /body: must be string/],
  'the wrong object': [{ body: { ...note, type: 'tag' } }, /type: must be one of \["note"\]/],
  'milliseconds for seconds': [
    { body: { ...note, created_at: 1_734_537_454_000 } },
    /created_at: must be <=/,
  ],
  'an id of the wrong form': [{ body: { ...note, id: 'n-15' } }, /id: must match pattern/],
  'an undocumented status': [{ status: 201 }, /201: undocumented status/],
  'a conflict where none can be': [{ status: 409, body: error('conflict') }, /409: undocumented status/],
  'a path of no operation that answers': [
    { path: '/nonsense' },
    /undocumented status of an unknown operation/,
  ],
  'an error that is no error.list': [{ status: 404, body: { message: 'No' } }, /missing key 'errors'/],
  'an error without its request_id': [
    { status: 404, body: { ...error('not_found'), request_id: undefined } },
    /missing/,
  ],
  'an invented error code': [
    { status: 404, body: error('gone_fishing') },
    /'gone_fishing' is not documented/,
  ],
  'two errors at once': [
    { status: 404, body: { ...error('not_found'), errors: [{ code: 'not_found' }, { code: 'not_found' }] } },
    /holds 2/,
  ],
  'a null request_id on an ordinary error': [
    { status: 404, body: error('not_found', null) },
    /request_id: null/,
  ],
  'HTML instead of JSON': [{ body: '<html></html>' }, /not JSON/],
  'an empty body': [{ body: undefined }, /must not be empty/],
  'a body where none may be': [{ method: 'DELETE', path: '/tags/7', body: {} }, /must be empty/],
  'a missing header': [{ headers: { 'x-runtime': null } }, /x-runtime: missing/],
  'a request id unlike the body': [
    { status: 404, body: error('not_found'), headers: { 'x-request-id': '0'.repeat(20) } },
    /not the request_id/,
  ],
  'no rate limit for a known caller': [
    { headers: { 'x-ratelimit-limit': null } },
    /ratelimit-limit: missing/,
  ],
  'a budget above the limit': [{ headers: { 'x-ratelimit-remaining': '9999' } }, /above the limit/],
  'a 429 with budget left': [{ status: 429, body: error('rate_limit_exceeded') }, /not 0 on a 429/],
  'another version than asked for': [
    { requestHeaders: new Headers({ 'intercom-version': '2.11' }) },
    /asked for 2.11, got 2.12/,
  ],
  'a status header of another status': [{ headers: { status: '404 Not Found' } }, /'404 Not Found' on a 200/],
  'a wrong content type': [{ headers: { 'content-type': 'text/html' } }, /content-type: 'text\/html'/],
  'a page count that is off': [
    { path: `/contacts/${CONTACT_ID}/notes`, body: noteList({ total_pages: 2 }) },
    /total_pages: 2 for 1 items/,
  ],
  'a last page that promises another': [
    { path: `/contacts/${CONTACT_ID}/notes`, body: noteList({ next: 'https://api.intercom.io/contacts' }) },
    /next: present on page 1 of 1/,
  ],
}

test('an answer as described passes, and so does a list of it', { skip }, () => {
  assert.deepEqual(validator?.checkResponse(answer({})), [])
  const list = answer({ path: `/contacts/${CONTACT_ID}/notes?per_page=50`, body: noteList({}) })
  assert.deepEqual(validator?.checkResponse(list), [])
})

test('errors of every kind pass when they are well formed', { skip }, () => {
  const known = { type: 'error.list', errors: [{ code: 'media_type_not_acceptable' }] }
  for (const right of [
    answer({ status: 404, body: error('not_found') }),
    answer({ status: 406, body: known }),
    answer({ status: 429, body: error('rate_limit_exceeded'), headers: { 'x-ratelimit-remaining': '0' } }),
    answer({ method: 'POST', path: '/contacts/search', status: 400, body: error('invalid_field', null) }),
    answer({ method: 'POST', path: '/contacts', status: 409, body: error('conflict') }),
    answer({ path: '/articles', status: 501, body: error('not_emulated') }),
    answer({ path: '/nonsense', status: 404, body: { type: 'error.list', errors: [{ code: 'not_found' }] } }),
  ]) {
    assert.deepEqual(validator?.checkResponse(right), [])
  }
})

for (const [what, [change, violation]] of Object.entries(BROKEN)) {
  test(`the validator catches ${what}`, { skip }, () => {
    const body =
      change.body === undefined || typeof change.body === 'string' ? {} : { body: plain(change.body) }
    assert.match(validator?.checkResponse(answer({ ...change, ...body })).join('\n') ?? '', violation)
  })
}

/** As JSON would carry it: keys that are undefined are gone. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value))
}
