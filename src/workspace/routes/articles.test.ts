import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openDesk } from '../desk.test.ts'

function openShelf() {
  const desk = openDesk()
  const { ok, adminId } = desk
  const article = (fields: object = {}) =>
    ok('POST', '/articles', { title: 'Reset your password', author_id: Number(adminId), ...fields })
  const collection = (fields: object = {}) =>
    ok('POST', '/help_center/collections', { name: 'Account', ...fields })
  return { ...desk, article, collection }
}

test('an article is a draft without an address until it is published, and has one afterwards', () => {
  const { ok, article, collection, clock } = openShelf()
  const { id: parent } = collection()
  const { id, ...made } = article({ parent_id: Number(parent), parent_type: 'collection' })
  assert.deepEqual(
    [made.state, made.url, made.parent_id, made.parent_type, made.parent_ids, made.description, made.body],
    ['draft', null, Number(parent), 'collection', [Number(parent)], '', ''],
  )
  clock.seconds += 60
  const published = ok('PUT', `/articles/${id}`, { state: 'published' })
  assert.equal(published.url, `https://intercom.help/lc0a1b2c/en/articles/${id}-reset-your-password`)
  assert.equal(published.updated_at, made.created_at + 60)
  assert.equal(ok('PUT', `/articles/${id}`, { title: 'Claude 플랜 — 선택하기!' }).state, 'published')
  assert.match(ok('GET', `/articles/${id}`).url, /-claude-%ED%94%8C%EB%9E%9C-/)
})

test('an update changes what it is given, and nothing without anything given', () => {
  const { ok, article, collection, clock } = openShelf()
  const { id: parent } = collection()
  const before = article({ body: 'One', description: 'Two', parent_id: parent })
  clock.seconds += 60
  assert.deepEqual(ok('PUT', `/articles/${before.id}`, {}), before)
  const after = ok('PUT', `/articles/${before.id}`, { description: '' })
  assert.deepEqual(after, { ...before, description: '', updated_at: clock.seconds })
  assert.equal(ok('PUT', `/articles/${before.id}`, { parent_id: null }).parent_id, null)
})

test('a body is dressed as the help center shows it, and stays as it is when written back', () => {
  const { ok, article } = openShelf()
  const bodies: readonly (readonly [given: string, shown: string])[] = [
    ['Body of the Article', '<p class="no-margin">Body of the Article</p>'],
    ['<p>Test body</p>', '<p class="no-margin">Test body</p>'],
    ['<h2>Steps</h2><p>Go</p>', '<h2 id="h_0d65a2c4a3">Steps</h2>\n<p class="no-margin">Go</p>'],
    [
      '<p><a href="https://a.example/?a=1&b=2">here</a></p>',
      '<p class="no-margin"><a href="https://a.example/?a=1&amp;b=2" target="_blank" class="intercom-content-link">here</a></p>',
    ],
    [
      '<p><img src="https://a.example/a.png"></p>',
      '<div class="intercom-container"><img src="https://a.example/a.png"></div>',
    ],
    ['<table><tr><td>1</td></tr></table>', '<table>\n<tr>\n<td>1</td>\n</tr>\n</table>'],
    ['<script>alert(1)</script><p onclick="x()">Safe</p>', '<p class="no-margin">Safe</p>'],
  ]
  for (const [given, shown] of bodies) {
    const { id, body } = article({ body: given })
    assert.equal(body.replaceAll(/h_[0-9a-f]{10}/g, 'h_0d65a2c4a3'), shown)
    assert.equal(ok('PUT', `/articles/${id}`, { body }).body, body, given)
  }
})

test('what the default language needs may come in its translation', () => {
  const { ok, refused, adminId } = openShelf()
  const en = { title: 'Hello', author_id: adminId, body: 'From en' }
  const made = ok('POST', '/articles', {
    title: 'Main',
    translated_content: { type: 'article_translated_content', en },
  })
  assert.deepEqual(
    [made.title, made.author_id, made.body],
    ['Main', Number(adminId), '<p class="no-margin">From en</p>'],
  )
  assert.equal(
    refused('POST', '/articles', { title: 'Hello', translated_content: { fr: en } }),
    '400 parameter_not_found: author_id must be in the main body or default locale translated_content object',
  )
})

test('translations are kept, and shown by a multilingual help center only', () => {
  const { ok, article, store } = openShelf()
  const fr = { title: 'Mot de passe', description: 'Oublié', body: 'Allez', state: 'published' }
  const { id, created_at, ...made } = article({ state: 'published', translated_content: { fr } })
  assert.equal('translated_content' in made, false)
  store.write(() => store.db.run(`UPDATE help_centers SET locales = '["en","fr","de"]'`))
  const { default_locale, translated_content } = ok('PUT', `/articles/${id}`, {
    translated_content: { fr: { description: 'Perdu' }, de: { title: 'Passwort' } },
  })
  assert.equal(default_locale, 'en')
  const times = { created_at, updated_at: created_at }
  assert.deepEqual(translated_content, {
    type: 'article_translated_content',
    fr: {
      type: 'article_content',
      ...fr,
      ...times,
      description: 'Perdu',
      body: '<p class="no-margin">Allez</p>',
      author_id: made.author_id,
      url: `https://intercom.help/lc0a1b2c/fr/articles/${id}-mot-de-passe`,
    },
    de: {
      type: 'article_content',
      ...times,
      title: 'Passwort',
      description: '',
      body: '',
      author_id: made.author_id,
      state: 'draft',
    },
  })
})

test('articles are listed the last changed first, in numbered pages without statistics', () => {
  const { ok, article, clock } = openShelf()
  const ids = ['One', 'Two', 'Three'].map((title) => {
    clock.seconds += 1
    return article({ title }).id
  })
  clock.seconds += 1
  ok('PUT', `/articles/${ids[0]}`, { title: 'One again' })
  const first = ok('GET', '/articles?per_page=2')
  const shown = (list: { data: { id: string }[] }) => list.data.map(({ id }) => id)
  assert.deepEqual(shown(first), [ids[0], ids[2]])
  assert.deepEqual([first.total_count, first.pages.total_pages], [3, 2])
  assert.equal('statistics' in first.data[0], false)
  const second = ok('GET', first.pages.next.replace('http://local', ''))
  assert.deepEqual(shown(second), [ids[1]])
  assert.equal('next' in second.pages, false)
  assert.deepEqual(shown(ok('GET', '/articles?page=9')), [])
  assert.equal(ok('GET', '/articles').pages.per_page, 25)
})

test('a deleted article is gone', () => {
  const { ok, refused, article } = openShelf()
  const { id } = article()
  assert.deepEqual(ok('DELETE', `/articles/${id}`), { id, object: 'article', deleted: true })
  for (const method of ['GET', 'PUT', 'DELETE']) {
    assert.equal(
      refused(method, `/articles/${id}`, method === 'PUT' ? {} : undefined),
      '404 not_found: Resource Not Found',
    )
  }
})

test('what is wrong with an article is refused, and changes nothing', () => {
  const { ok, refused, article, store } = openShelf()
  const { id } = article({ state: 'published' })
  const before = ok('GET', `/articles/${id}`)
  const bot = store.db.number('SELECT id FROM admins WHERE is_bot = 1')
  const refusals: readonly (readonly [fields: object, message: string])[] = [
    [{ title: '  ' }, '400 parameter_invalid: Title is required'],
    [{ title: {} }, '400 type_mismatch: title must be a string'],
    [{ state: 'archived' }, "400 parameter_invalid: State isn't an option"],
    [{ author_id: 12 }, '400 parameter_invalid: Author must be a teammate of the workspace'],
    [{ author_id: bot }, '400 parameter_invalid: Author must be a teammate of the workspace'],
    [{ parent_id: 12 }, '400 parameter_invalid: Parent not found'],
    [{ parent_id: 'x' }, '400 parameter_invalid: Parent not found'],
    [{ parent_type: 'shelf' }, "400 parameter_invalid: Parent Type isn't an option"],
    [{ translated_content: [] }, '400 type_mismatch: translated_content must be an object'],
    [{ translated_content: { xx: {} } }, "400 parameter_invalid: Locale 'xx' isn't an option"],
    [{ translated_content: { fr: 'Oui' } }, '400 type_mismatch: translated_content.fr must be an object'],
    [
      { title: 'Changed', translated_content: { fr: { state: 'x' } } },
      "400 parameter_invalid: State isn't an option",
    ],
  ]
  for (const [fields, message] of refusals) assert.equal(refused('PUT', `/articles/${id}`, fields), message)
  assert.deepEqual(ok('GET', `/articles/${id}`), before)
  assert.equal(
    refused('POST', '/articles', { author_id: before.author_id }).slice(0, 30),
    '400 parameter_not_found: title',
  )
  assert.equal(ok('GET', '/articles').total_count, 1)
})

test('a search finds articles by the beginnings of their words, in a state, in a help center', () => {
  const { ok, refused, article, collection, clock } = openShelf()
  const { id: parent, help_center_id } = collection()
  const password = article({
    state: 'published',
    parent_id: parent,
    body: '<h1>Forgot</h1><p>Ask for a <b>link</b>.</p>',
  })
  clock.seconds += 1
  const draft = article({ title: 'Passwörter <script> ändern', description: 'Eigene' })
  const found = (query: string): string[] =>
    ok('GET', `/articles/search?${query}`).data.articles.map(({ id }: { id: string }) => id)
  const searches: readonly (readonly [query: string, ids: string[]])[] = [
    ['phrase=password', [password.id]],
    ['phrase=PASSW', [draft.id, password.id]],
    ['phrase=forgot%20link', [password.id]],
    ['phrase=forgot%20nothing', []],
    ['phrase=script', [draft.id]],
    ['phrase=assword', []],
    ['phrase=%25', []],
    ['phrase=no-margin', []],
    ['', [draft.id, password.id]],
    ['phrase=%20', [draft.id, password.id]],
    ['state=published', [password.id]],
    ['state=draft&phrase=eigene', [draft.id]],
    ['state=all', [draft.id, password.id]],
    [`help_center_id=${help_center_id}`, [password.id]],
    ['help_center_id=1', []],
    ['help_center_id=x', []],
    ['per_page=1&page=2', [password.id]],
  ]
  for (const [query, ids] of searches) assert.deepEqual(found(query), ids, query)
  const { pages, data } = ok('GET', '/articles/search?phrase=passw&highlight=false&per_page=1')
  assert.equal(pages.next, 'http://local/articles/search?phrase=passw&highlight=false&per_page=1&page=2')
  assert.deepEqual(data.highlights, [])
  assert.equal(refused('GET', '/articles/search?state=live'), "400 parameter_invalid: State isn't an option")
})

test('highlights cut title and text into plain and highlighted pieces', () => {
  const { ok, article } = openShelf()
  const filler = 'Nothing to see here. '.repeat(20)
  const { id } = article({
    title: 'How to reset a password',
    body: `<p>${filler}Reset your password here.</p><p>${filler}</p>`,
  })
  const { highlights } = ok('GET', '/articles/search?phrase=reset+pass&highlight=true').data
  assert.deepEqual(highlights[0].highlighted_title, [
    { type: 'plain', text: 'How to ' },
    { type: 'highlight', text: 'reset' },
    { type: 'plain', text: ' a ' },
    { type: 'highlight', text: 'password' },
  ])
  assert.equal(highlights[0].article_id, id)
  const [excerpt, ...others] = highlights[0].highlighted_summary as { type: string; text: string }[][]
  assert.deepEqual(others, [])
  assert.deepEqual(
    excerpt?.filter(({ type }) => type === 'highlight').map(({ text }) => text),
    ['Reset', 'password'],
  )
  assert.ok((excerpt ?? []).map(({ text }) => text).join('').length < 200)
})
