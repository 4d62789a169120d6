// Every citation can be opened: sections of docs/intercom-api.md, other pages, and the links of all pages.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { basename, posix } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

const git = ['-c', 'core.quotePath=false']
const root = execFileSync('git', ['rev-parse', '--show-toplevel'], {
  cwd: import.meta.dirname,
  encoding: 'utf8',
}).trim()
const listed = execFileSync('git', [...git, 'ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
})
/** What has no citations of ours, CI's own set-up, and this file, whose samples are broken on purpose. */
const left = /(^|\/)package-lock\.json$|^\.ci\//
const files: ReadonlyMap<string, string> = new Map(
  listed
    .split('\n')
    .filter((path) => path !== '' && existsSync(`${root}/${path}`) && !left.test(path))
    .filter((path) => `${root}/${path}` !== fileURLToPath(import.meta.url))
    .map((path) => [path, readFileSync(`${root}/${path}`, 'utf8')] as const)
    .map(([path, text]) => [path, text.includes('\0') ? '' : text]), // a picture has no citations
)
const manual = 'docs/intercom-api.md'
const sections = new Set(
  [...(files.get(manual) ?? '').matchAll(/^#{2,3} (\d+(?:\.\d+)?) /gm)].map(([, number]) => number),
)

/** `docs/intercom-api.md 1.4`, also `… 1.4, 2.3`, `… 1.4 to 1.6`, and broken across the lines of a comment. */
function deadSections(text: string): string[] {
  const prose = text.replace(/\n\s*(?:\*|\/\/)?[ \t]*(?=\S)/g, ' ')
  const cited = prose.matchAll(/docs\/intercom-api\.md((?:(?:,| and| to)? \d+(?:\.\d+)?)+)/g)
  return [...cited].flatMap(([, numbers = '']) => dead(numbers))
}

/** The tables of the tests name sections alone: as `section`, or where a function takes one, before a reason. */
function deadTableSections(text: string): string[] {
  const properties = [...text.matchAll(/\bsection: '([^']*)'/g)]
  const taken = /^ *section: string,$/m.test(text)
  const before = taken ? [...text.matchAll(/'(\d+(?:\.\d+)?(?:, \d+(?:\.\d+)?)*)',\s*['"]/g)] : []
  return [...properties, ...before].flatMap(([, numbers = '']) => dead(numbers))
}

function dead(numbers: string): string[] {
  return (numbers.match(/\d+(?:\.\d+)?/g) ?? []).filter((number) => !sections.has(number))
}

/** Words that stand for documents which are not in this repository. */
const elsewhere = /\b[Dd]ossier|\bS(?:\([\d.]+\))?:\d+|\.\.\/shared\b|\b(?:REC|INF)\b/g

/** Pages that are named, in prose or code, and are not here. Not those of other sites. */
function deadPages(text: string, known: ReadonlySet<string>): string[] {
  const named = text.replace(/\bhttps?:\/\/\S+/g, '').match(/[\w./-]*\w\.md\b/g) ?? []
  return named.filter((page) => !known.has(basename(page)))
}

/** The anchors that GitHub gives the headings of a page. */
function anchorsOf(text: string): Set<string> {
  const anchors = new Set<string>()
  for (const [, heading = ''] of withoutCode(text, false).matchAll(/^#{1,6} +(.+)$/gm)) {
    const words = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase()
    const slug = words.replace(/[^\p{L}\p{N}_ -]/gu, '').replaceAll(' ', '-')
    let anchor = slug
    for (let again = 1; anchors.has(anchor); again++) anchor = `${slug}-${again}`
    anchors.add(anchor)
  }
  return anchors
}

function withoutCode(text: string, spans = true): string {
  const prose = text.replace(/^(```|~~~)[\s\S]*?^\1/gm, '')
  return spans ? prose.replace(/`[^`\n]*`/g, '') : prose
}

/** Links of a page to files or headings that are not here, and references without a definition. */
function deadLinks(page: string, text: string, pages: ReadonlyMap<string, string>): string[] {
  const prose = withoutCode(text)
  const inline = [...prose.matchAll(/\]\(([^)\s]+)(?: "[^"]*")?\)/g)].map(([, target = '']) => target)
  const defined = new Map([...prose.matchAll(/^\[([^\]]+)\]: (\S+)$/gm)].map(([, name, to]) => [name, to]))
  const used = [...prose.matchAll(/\]\[([^\]]+)\]|\[(L\d+|[\w-]+#\d+)\](?!:)/g)].map(([, a, b]) => a ?? b)
  const undefinedNames = used.filter((name) => !defined.has(name)).map((name) => `[${name}]`)
  const targets = [...inline, ...[...defined.values()].filter((to) => to !== undefined)]
  const missing = targets.filter((target) => {
    if (/^[a-z]+:/i.test(target)) return false
    const [path = '', anchor] = target.split('#')
    const file = path === '' ? page : posix.normalize(posix.join(posix.dirname(page), decodeURI(path)))
    const folder = file.endsWith('/') ? file : `${file}/`
    const there = pages.has(file) || [...pages.keys()].some((each) => each.startsWith(folder))
    return !there || (anchor !== undefined && !anchorsOf(pages.get(file) ?? '').has(anchor))
  })
  return [...undefinedNames, ...missing]
}

/** What is wrong, each with its file. */
function all(find: (path: string, text: string) => readonly string[]): string[] {
  return [...files].flatMap(([path, text]) => find(path, text).map((what) => `${path}: ${what}`))
}

test('every cited section of docs/intercom-api.md exists', () => {
  assert.ok(sections.size > 40, `${sections.size} sections`)
  assert.ok([...files.values()].join('').split(`${manual} `).length > 200)
  assert.deepEqual(
    all((_, text) => [...deadSections(text), ...deadTableSections(text)]),
    [],
  )
})

test('nothing cites a document that is not in this repository', () => {
  const known = new Set([...files.keys()].map((path) => basename(path)))
  assert.deepEqual(
    all((_, text) => [...(text.match(elsewhere) ?? []), ...deadPages(text, known)]),
    [],
  )
})

test('every link of a page leads to a file, and to a heading of it', () => {
  assert.deepEqual(
    all((path, text) => (path.endsWith('.md') ? deadLinks(path, text, files) : [])),
    [],
  )
})

test('each kind of dead citation is found', () => {
  assert.deepEqual(deadSections('(docs/intercom-api.md 1.4)'), [])
  assert.deepEqual(deadSections('(docs/intercom-api.md 1.4, 99.1; see 98)'), ['99.1'])
  assert.deepEqual(deadSections(' * (docs/intercom-api.md\n * 97.2)'), ['97.2'])
  assert.deepEqual(deadSections('docs/intercom-api.md 1.2 to 1.99 and 96'), ['1.99', '96'])
  assert.deepEqual(deadTableSections("{ section: '2.3, 95' }"), ['95'])
  assert.deepEqual(deadTableSections("  section: string,\nkeys(a, '2.3', 'x'), keys(a, '94', 'y')"), ['94'])
  for (const words of ['Dossier 3', 'S:7010', 'S(2.16):7010', '../shared/x.yaml', '(1.5, REC)']) {
    assert.ok(words.match(elsewhere), words)
  }
  assert.deepEqual(deadPages('see a/b.md, c-d.md and https://x.org/e.md', new Set(['b.md'])), ['c-d.md'])
  const pages = new Map([
    ['docs/a.md', '# One two\n## `It` is, 1.4!\n'],
    ['docs/sub/b.ts', ''],
  ])
  const page = '[1](a.md) [2](a.md#one-two) [3](a.md#it-is-14) [4](sub) [5](https://x.org/y)'
  assert.deepEqual(deadLinks('docs/c.md', page, pages), [])
  const broken = ['../a.md', 'a.md#one', 'sub/a.ts', '#here']
  assert.deepEqual(deadLinks('docs/c.md', broken.map((to) => `[x](${to})`).join('\n'), pages), broken)
  assert.deepEqual(deadLinks('docs/c.md', '[x][y] [L7] [z][w]\n\n[w]: a.md', pages), ['[y]', '[L7]'])
})
