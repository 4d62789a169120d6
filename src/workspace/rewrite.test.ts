import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bodyToHtml, plainText } from './html.ts'
import { createWorkspace } from './index.ts'
import { type Rewrite, rewrite, rewrites } from './rewrite.ts'

const letter = `<p>It's  "late"... <a href="https://a.example/x">here</a> <b>now</b></p><ul><li>é - 1</li></ul>`

test('each kind of rewriting changes the HTML in its own way', () => {
  const clean = bodyToHtml(letter)
  const does = (kind: Rewrite) => rewrite(clean, [kind])
  assert.equal(rewrite(clean, []), clean)
  assert.match(does('wrap'), /^<div class="intercom-container"><p class="no-margin">.*<\/div>$/s)
  assert.ok(clean.includes('\n') && !does('whitespace').includes('\n'))
  assert.match(does('entities'), /It&#39;s .*&quot;late&quot;.*&#xe9; - 1/s)
  assert.match(does('attributes'), /<a>here<\/a>/)
  assert.match(does('typography'), /It’s “late”… .*é – 1/s)
})

test('all but typography leave the text as it reads', () => {
  const text = (html: string) => plainText(html).replaceAll(/\s+/g, ' ')
  for (const body of [letter, 'a <b>b</b> <i>c</i>', 'Line\nline\n\nüber 😀 & <3', "O'Neill &amp; Söhne"]) {
    const clean = bodyToHtml(body)
    for (const kind of rewrites.filter((one) => one !== 'typography')) {
      assert.equal(text(rewrite(clean, [kind])), text(clean), kind)
    }
    assert.equal(text(rewrite(clean, rewrites.slice(0, 4))), text(clean))
  }
})

test('replies, notes and messages are rewritten while it is asked for, and read back so', async (t) => {
  const workspace = await createWorkspace({ rateLimit: false })
  t.after(() => workspace.close())
  const ask = async (method: string, path: string, body?: object) => {
    const headers = { authorization: `Bearer ${workspace.accessToken}` }
    const init = { method, headers, ...(body && { body: JSON.stringify(body) }) }
    const answer = await workspace.fetch(new Request(`http://local${path}`, init))
    assert.equal(answer.status, 200)
    // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
    return answer.json() as Promise<any>
  }
  const admin_id = (await ask('GET', '/me')).id
  const { id } = await ask('POST', '/contacts', { role: 'user', email: 'ann@example.com' })
  const write = async () => {
    const opened = await ask('POST', '/conversations', { from: { type: 'user', id }, body: "It's" })
    const at = `/conversations/${opened.conversation_id}`
    for (const message_type of ['comment', 'note']) {
      await ask('POST', `${at}/reply`, { type: 'admin', message_type, admin_id, body: "It's" })
    }
    await ask('POST', `${at}/parts`, { type: 'admin', message_type: 'close', admin_id, body: "It's" })
    await ask('POST', `/contacts/${id}/notes`, { body: "It's", admin_id })
    const { source, conversation_parts } = await ask('GET', at)
    const [note] = (await ask('GET', `/contacts/${id}/notes`)).data
    const parts: { body: string | null }[] = conversation_parts.conversation_parts
    return [source.body, note.body, ...parts.flatMap(({ body }) => body ?? [])]
  }
  assert.deepEqual(await write(), Array(5).fill("<p>It's</p>"))
  workspace.control.setRewrite(['entities', 'wrap'])
  const rewritten = '<div class="intercom-container"><p class="no-margin">It&#39;s</p></div>'
  assert.deepEqual(await write(), Array(5).fill(rewritten))
  workspace.control.reset()
  assert.deepEqual(workspace.control.rewrite, [])
})
