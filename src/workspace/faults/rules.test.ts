import assert from 'node:assert/strict'
import { test } from 'node:test'
import { buildRouter } from '../http/router.ts'
import { routes } from '../routes/all.ts'
import type { FaultRule } from './fault.ts'
import { FaultRules } from './rules.ts'

const find = buildRouter(routes)
const hits = (rule: FaultRule, ...requests: string[]) => {
  const rules = new FaultRules(find)
  rules.add(rule)
  return requests.filter((request) => {
    const [method = '', target = ''] = request.split(' ')
    return rules.pick(method, target) !== undefined
  })
}

test('a route matches the operation of that name, whatever its ids and query', () => {
  const rule = { kind: 'hang', route: 'GET /contacts/{id}' } as const
  const others = ['PUT /contacts/1', 'GET /contacts', 'GET /contacts/1/notes', 'GET /nowhere']
  assert.deepEqual(hits(rule, 'GET /contacts/1', 'GET /contacts/1?x=/y', 'HEAD /contacts/1', ...others), [
    'GET /contacts/1',
    'GET /contacts/1?x=/y',
    'HEAD /contacts/1',
  ])
  const search = { kind: 'hang', route: 'POST /contacts/search' } as const
  assert.deepEqual(hits(search, 'POST /contacts/search', 'POST /contacts/merge'), ['POST /contacts/search'])
})

test('stars stand for any method, one segment, or all that follows', () => {
  const requests = ['GET /contacts', 'POST /contacts/1', 'GET /contacts/1/notes', 'GET /tags', 'GET /x.y']
  assert.deepEqual(hits({ kind: 'hang' }, ...requests), requests)
  assert.deepEqual(hits({ kind: 'hang', route: '* /contacts/*' }, ...requests), ['POST /contacts/1'])
  assert.deepEqual(hits({ kind: 'hang', route: 'GET /contacts/**' }, ...requests), ['GET /contacts/1/notes'])
  assert.deepEqual(hits({ kind: 'hang', route: 'GET /contacts/1.2/*' }, 'GET /contacts/1x2/notes'), [])
})

test('a rule lets some requests pass first, and applies at most so often', () => {
  const requests = ['1', '2', '3', '4', '5'].map((id) => `GET /contacts/${id}`)
  assert.deepEqual(hits({ kind: 'hang', after: 1, count: 2 }, ...requests), requests.slice(1, 3))
})

test('the same seed picks the same requests, about as many as configured', () => {
  const requests = Array.from({ length: 1_000 }, (_, i) => `GET /contacts/${i}`)
  const rule = { kind: 'hang', probability: 0.3, seed: 7 } as const
  const hit = hits(rule, ...requests)
  assert.deepEqual(hits(rule, ...requests), hit)
  assert.notDeepEqual(hits({ ...rule, seed: 8 }, ...requests), hit)
  assert.ok(hit.length > 250 && hit.length < 350, String(hit.length))
})

test('the first rule that applies wins; rules are listed with their counts, and cleared one by one', () => {
  const rules = new FaultRules(find)
  const first = rules.add({ kind: 'hang', route: 'GET /me', count: 1 })
  rules.add({ kind: 'reset', route: '* /me' })
  assert.deepEqual([rules.pick('GET', '/me')?.kind, rules.pick('GET', '/me')?.kind], ['hang', 'reset'])
  assert.deepEqual(
    rules.list().map(({ matched, injected }) => [matched, injected]),
    [
      [2, 1],
      [1, 1],
    ],
  )
  assert.equal(rules.clear(first.id), 1)
  assert.equal(rules.clear(), 1)
  assert.equal(rules.pick('GET', '/me'), undefined)
})

test('a route that no operation has is refused, whatever its stars, with the nearest one', () => {
  const rules = new FaultRules(find)
  const refused = (route: string, says: RegExp) =>
    assert.throws(() => rules.add({ kind: 'hang', route }), says, route)
  refused('* /contact/{id}', /no operation \* \/contact\/\{id\}; did you mean \S+ \/contacts\/\{id\}\?/)
  refused('POST /contacts/serach', /did you mean POST \/contacts\/search\?/)
  for (const route of ['GET /contact/**', '* /contacts/*/note', '* /contacts/12', 'TRACE /**', 'GET /x.*']) {
    refused(route, /no operation/)
  }
  refused('DELETE /contacts/*/notes', /no operation/)
  for (const route of ['* /**', '* /contacts/12/*', 'GET /conversations/**', '* /**/notes', 'HEAD /me']) {
    assert.equal(rules.add({ kind: 'hang', route }).rule.route, route)
  }
})

test('a rule that could never apply, or is invalid, is refused', () => {
  const rules = new FaultRules(find)
  const refused = (rule: object) => assert.throws(() => rules.add(rule as FaultRule))
  assert.throws(() => rules.add({ kind: 'hang', route: 'POST /contact' }), /no operation POST \/contact/)
  refused({ kind: 'hang', route: 'contacts' })
  refused({ kind: 'explode' })
  refused({ kind: 'hang', probability: 1.5 })
  refused({ kind: 'hang', kidn: 1 })
  refused({ kind: 'delay' })
  refused({ kind: 'delay', ms: 1e9 })
  for (let i = 0; i < 100; i++) rules.add({ kind: 'hang' })
  assert.throws(() => rules.add({ kind: 'hang' }), /100 fault rules/)
})
