import assert from 'node:assert/strict'
import { test } from 'node:test'
import { saysThat } from '../../src/core/same-text.ts'
import { oneLine, wrapCustomerText } from '../../src/tools/compact/customer-text.ts'
import { compact, part, success, thread } from '../support/compact-output.ts'

// biome-ignore format: a table
/** What could make a reader look at a text again for each of them. */
const pieces = [
  '<', '</', '<a', '<a ', '<a b', '<a b=', '<a b="', "<a b='", '<a b=">', "<a b='>", '<a href="', '<!', '<?', '<x',
  '<a href=x>', '<a href="x">y', '<a>', '</a>', '<a href=x></a>', '<a href=x><a href=y></a>', '<constructor>',
  '<ul>', '<li>', '<ul><li>', '<ol><li>x', '<table>', '<td>', '<table><tr><td>', '<tr></tr>', '<blockquote>',
  '<p>', '<br>', '<b>', '<div>', '<div><p>', '<img src=x>', '<img alt="', '<pre>\n', '<p style=x>', 'style=',
  '<div hidden>', '<div hidden></div>', '<p style="display', '<p style="/*', '<p style="opacity:0', 'opacity:0',
  '<div style="color:red">', '<i style="display:none">', '/*', '*/ /*', '<!--', '<!-- -->', '-->', '--',
  '<script>', '<script></script>', '<svg>', '<title></title>', '<style>', '&', '&#', '&#1', '&#x', '&amp',
  '&amp;', '&lt;a', '&nbsp;', '&notit', '&CounterClockwiseContourIntegra', ' ', '\n', '\r', ' \n', 'x ', '\u00a0',
  '=', '"', "'", '/', ' /', '>', '0', '](', '```', 'a', '\u0301', '\u0301\u0316', '\u200b', '\u{e0041}', '\ufe0f',
  '😀\u200d', '\ud83d', '退', 'customer-text', 'сustom',
]

// biome-ignore format: a table
/** The same for styles, elements that close or hide others, and marks. */
const styling = [
  '<p style="\\64', '<p style="a:(', '<p style="a:calc(', '<p style="a:var(--', '<p style="--a:b;c:var(--a);', "<p style='a:\"",
  '<p style="transform:scale(0', '<p style="color:#fff;', '<p class="a ', '<font color=white>', '<p><font color=white>',
  '</font>', '<span><div>', '<p hidden><b>', '<td><font color=white>', '<select><option>', '<svg><text>',
  '<details><summary>', '<iframe srcdoc="', '<textarea>', '<style>.a{', '<style>@media{', '⟦', '<p hidden>x</p>y',
  'display:none;', '.a .b,', '{', '}', '(', '\\', ':not(', 'calc(', 'var(--', '/*', '"', '.a.a', '[a',
]
const stylingPlaces: Record<string, (piece: string, length: number) => string> = {
  'in a style': (piece, length) =>
    `<p style='${run(piece, length / 2)}'>${run('<p style="color:red">x', length / 2)}`,
  'in a style sheet and after it': (piece, length) => {
    const css = run(`.a .b,.b{color:#fff} ${piece.replaceAll('<', '')}`, length / 3)
    return `<style>${css}</style>${run('<p class="a b" id=c>x', length / 3)}${run(piece, length / 3)}</span></p>`
  },
}

/** Where a run of `length` characters of a piece stands. */
const places: Record<string, (piece: string, length: number) => string> = {
  alone: run,
  'before blanks': (piece, length) => run(piece, length / 2) + ' '.repeat(length / 2),
  'before text, then closed': (piece, length) => {
    const close = `</${/^<(\w+)/.exec(piece)?.[1] ?? 'a'}>`
    return `${run(piece, length / 3)}${'x'.repeat(length / 3)}${run(close, length / 3)}`
  },
  'between words': (piece, length) => run(`${piece} word `, length),
  'in attributes': (piece, length) => {
    const value = run(piece, length / 4)
    return `<a href="${value}" style='${value}'>x</a><img alt="${value}" src=${value}>`
  },
  'in open links': (piece, length) => run('<a href=x>', length / 2) + run(piece, length / 2),
  'in hidden text': (piece, length) => `<div hidden>${run(piece, length)}`,
}

function run(piece: string, length: number): string {
  return piece.repeat(Math.ceil(length / piece.length))
}

const author = (n: number) => ({ type: 'user', id: String(n), name: `Ann ${n}` })
const many = <T>(length: number, make: (n: number) => T) => Array.from({ length }, (_, n) => make(n))

/** Results that hold so many of one thing. */
const results: Record<string, (length: number) => object> = {
  messages: (length) => thread(many(length, (n) => part(n, { body: 'x', author: author(n) }))),
  events: (length) => thread(many(length, (n) => part(n, { part_type: 'close', author: author(n) }))),
  attachments: (length) =>
    thread([part(1, { body: 'x', attachments: many(length, (n) => ({ name: `${n}` })) })]),
  contacts: (length) => thread([], { contacts: { contacts: many(length, author) } }),
  tags: (length) => thread([], { tags: { tags: many(length, author) } }),
  fields: (length) => thread([], Object.fromEntries(many(length, (n) => [`field ${n}`, n]))),
  attributes: (length) => {
    const custom_attributes = Object.fromEntries(many(length, (n) => [`attribute ${n}`, n]))
    return success({ result: { type: 'contact', id: '1', custom_attributes } })
  },
  'listed conversations': (length) => success({ conversations: many(length, author), pages: null }),
  'listed contacts': (length) => success({ contacts: many(length, author), pages: null }),
  'unknown items': (length) => success({ result: { type: 'list', data: many(length, author) } }),
  levels: (length) => {
    let value: object = {}
    for (let level = 0; level < length; level += 1) value = { value: [value, level] }
    return success({ result: value })
  },
}

/** Whether reading four times as much takes about four times as long; sixteen would be quadratic. */
async function isLinear(size: number, read: (size: number) => unknown): Promise<boolean> {
  // Most show it at a size at which a quadratic reading may hide in the noise of one that is slow anyway.
  if (await growsBy(6, size, read, { floorMs: 2, rounds: 2 })) return true
  return growsBy(10, 8 * size, read, { floorMs: 40, rounds: 3 })
}

/**
 * Whether a reading takes no longer than so many times one of a quarter, but for the CPU time that any machine may
 * spend on what it reads once.
 */
async function growsBy(
  times: number,
  size: number,
  read: (size: number) => unknown,
  { floorMs, rounds }: { floorMs: number; rounds: number },
): Promise<boolean> {
  let [large, small] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]
  for (let round = 0; round < rounds; round += 1) {
    large = Math.min(large, await cpuMs(() => read(size)))
    if (large <= floorMs) return true
    small = Math.min(small, await cpuMs(() => read(size / 4)))
    if (large <= times * small + floorMs) return true
  }
  return false
}

async function cpuMs(work: () => unknown): Promise<number> {
  const from = process.cpuUsage()
  await work()
  return process.cpuUsage(from).user / 1000
}

const readers: Record<string, (html: string) => unknown> = {
  'a message': (html) => assert.ok(wrapCustomerText(html, 100).length < 2_000),
  'a name': (html) => assert.ok(oneLine(html).length < 500),
  'the comparison with what was sent': async (html) => assert.equal((await saysThat(html))(html), true),
}

async function slowIn(
  all: readonly string[],
  where: typeof places,
  read: (html: string) => unknown,
): Promise<string[]> {
  const slow: string[] = []
  for (const piece of all) {
    for (const [what, place] of Object.entries(where)) {
      if (!(await isLinear(12_000, (size) => read(place(piece, size)))))
        slow.push(`${JSON.stringify(piece)} ${what}`)
    }
  }
  return slow
}

for (const [what, read] of Object.entries(readers)) {
  test(`hostile HTML as ${what} is read in linear time`, async () => {
    assert.deepEqual(await slowIn(pieces, places, read), [])
  })
}

test('hostile styles of a message are read in linear time', async () => {
  assert.deepEqual(await slowIn(styling, stylingPlaces, (html) => wrapCustomerText(html, 100)), [])
})

test('results that hold very many of one thing are read in linear time', async () => {
  const slow: string[] = []
  for (const [what, resultOf] of Object.entries(results)) {
    const made = new Map([250, 1_000, 2_000, 8_000].map((size) => [size, resultOf(size)]))
    if (!(await isLinear(1_000, (size) => compact(made.get(size) ?? {})))) slow.push(what)
  }
  assert.deepEqual(slow, [])
})
