import type { Mistakes } from './mistake.ts'

const compactTests = 'test/compact/compact.test.ts'
const html = 'test/compact/html.test.ts'
const hidden = 'test/compact/hidden.test.ts'
const injections = 'test/compact/injections.test.ts'
const shapes = 'test/compact/shapes.test.ts'
const threads = 'test/compact/threads.test.ts'

export const compact: Mistakes[] = [
  {
    file: 'src/tools/compact/contact.ts',
    tests: [shapes, compactTests],
    edits: [['return total > ids.length ?', 'return total >= ids.length ?']],
  },
  {
    file: 'src/tools/compact/conversation.ts',
    tests: [shapes, threads, compactTests],
    edits: [
      ['if (older > 0) leftOut', 'if (older >= 0) leftOut'],
      ['estimateJsonTokens(top)', 'estimateJsonTokens(contacts)'],
      ['const subject = title || first', 'const subject = title ?? first'],
      ['ids.length > 3 ?', 'ids.length >= 3 ?'],
    ],
  },
  {
    file: 'src/tools/compact/customer-text.ts',
    tests: [html, injections],
    edits: [
      ['while (text.includes(id)) {', 'if (text.includes(id)) {'],
      [' + Math.max(0, value.length - maxHtmlLength)', ''],
      ["\n    .replace(/\\ufffd$/, '')", ''],
      [
        'return quoteLines(neutralize(removeInvisible(text).text))',
        'return neutralize(removeInvisible(text).text)',
      ],
    ],
  },
  {
    file: 'src/tools/compact/format.ts',
    tests: [shapes, threads],
    edits: [["leftOut.length === 0 || 'left_out' in object", 'leftOut.length === 0']],
  },
  {
    file: 'src/tools/compact/message.ts',
    tests: [shapes, threads],
    edits: [["type !== 'user_message' && !contactTypes", '!contactTypes']],
  },
  {
    file: 'src/tools/compact/html-to-text.ts',
    tests: [html, hidden],
    edits: [
      ["if (name === 'a') endLink() // links do not nest: a second one ends the first\n", ''],
      ['const box = open.hidden(own) || isBoxHidden', 'const box = isBoxHidden'],
      ["raw === 'script' || raw === 'style'", "raw === 'script'"],
    ],
  },
  {
    file: 'src/tools/compact/element-text.ts',
    tests: [html],
    edits: [["value.replace(/\\s+/g, '')", 'value']],
  },
  {
    file: 'src/tools/compact/marked-text.ts',
    tests: [hidden],
    edits: [
      ['if (!blank && !hidden) close()', 'if (!hidden) close()'],
      ['writeMarked(withoutMarks(text), hidden)', 'writeMarked(text, hidden)'],
      ['    room -= kept.length\n', ''],
      ['rest += body.length', 'rest = body.length'],
      ['text.lastIndexOf(markOpen) > text.lastIndexOf(markClose)', 'text.includes(markOpen)'],
      ['/[⟦〚]/g', '/⟦/g'],
    ],
  },
  {
    file: 'src/tools/compact/open-elements.ts',
    tests: [hidden],
    edits: [
      ['if (cells.has(name)) left.pop()\n', ''],
      ["if (name === 'body' || name === 'html') return\n", ''],
      ['last(name)\n      const limit', 'places.get(name)?.at(0) ?? -1\n      const limit'],
    ],
  },
  {
    file: 'src/tools/compact/json.ts',
    tests: [shapes],
    edits: [
      ['      budget.tokens = trial.tokens\n', ''],
      [" || value.includes('\\n')", ''],
      ['|since|until|date|time)$/i', '|since|until|date|time)$/'],
    ],
  },
  {
    file: 'src/tools/compact/lists.ts',
    tests: [shapes, 'test/compact/list-pages.test.ts'],
    edits: [
      ['missing > 0 ? { next: behind?.next } : undefined', 'brief ? { next: behind?.next } : undefined'],
      ['fitting.slice(0, behind?.rows)', 'fitting'],
      ['{ page: part.page + 1, per_page', '{ page: part.page, per_page'],
      ['shown.length}, then', 'missing}, then'],
    ],
  },
  {
    file: 'src/tools/compact/participants.ts',
    tests: [threads],
    edits: [
      ["['admin', 'team'].includes", "['admin', 'team', 'bot'].includes"],
      ['[id, index + 1]', '[id, index]'],
    ],
  },
  {
    file: 'src/tools/compact/sanitize.ts',
    tests: [html, injections],
    edits: [
      ['removed += [...match].length', 'removed += match.length'],
      ['ends[index + match.length - 1]', 'ends[index + match.length]'],
      ["    .replaceAll('][', '] [')\n", ''],
      ['tagLike = /[<](?=\\s{0,9}[', 'tagLike = /[<](?=\\s?['],
    ],
  },
  {
    file: 'src/tools/compact/token-budget.ts',
    tests: [html, shapes],
    edits: [
      ['if (unit === 0x0a) return 1.5', 'if (unit === 0x0a) return 0.5'],
      ['if (spent > tokens) return at', 'if (spent > tokens) return at + 1'],
    ],
  },
  {
    file: 'src/tools/compact/transcript.ts',
    tests: [threads],
    edits: [
      ['Math.min(maxMessageTokens, tokens / 2)', 'Math.min(maxMessageTokens, tokens)'],
      ['    if (entry.day !== day) actor = undefined\n', ''],
      ['at === 0 ? start?.day : undefined', 'start?.day'],
      ["!isObject(assigned_to) || assigned_to['id'] === null", '!isObject(assigned_to)'],
      ['missingParts(parts.slice(0, at), parts[at])', 'missingParts(parts.slice(0, at), parts[at - 1])'],
      [
        ".replaceAll('&', '&amp;').replaceAll('<', '&lt;')",
        ".replaceAll('<', '&lt;').replaceAll('&', '&amp;')",
      ],
    ],
  },
]
