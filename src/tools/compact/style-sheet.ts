import { declarations, type Look, lookOf } from './css.ts'

/** The keys of an element: `p`, `.class`, `#id`, `[attribute]`. */
type Rule = { others: readonly string[]; around: readonly string[]; look: Look }

/** Beyond these, what a rule asks for beside its first key, and of the elements around, is not looked at. */
const [mostRules, mostKeys] = [16, 12]

/** Looks for a printer or a narrow window are not those of most readers. */
const elsewhere = /\b(?:print|speech|not|orientation|prefers-[\w-]+|max-(?:device-)?width)\b/

/**
 * What style sheets say about elements by their keys. Order and weight of rules do not count, nor does where in a
 * selector the elements around stand: of several looks each counts.
 */
export function styleSheet(css: string) {
  const rules = new Map<string, Rule[]>()

  function add(selector: string, look: Look): void {
    const [compound = '', ...around] = selector
      .trim()
      .split(/[\s>+~]+/)
      .reverse()
    const [first = '*', ...others] = keysOf(compound).toSorted((a, b) => rank(b) - rank(a))
    const known = rules.get(first)
    const rule = { others, around: around.flatMap(keysOf).slice(0, mostKeys), look }
    if (known === undefined) rules.set(first, [rule])
    else if (known.length < mostRules) known.push(rule)
    else known[0] = { others: [], around: [], look: { ...known[0]?.look, ...look } }
  }

  for (const { selectors, body } of rulesOf(css)) {
    const look = lookOf(declarations(body))
    if (Object.keys(look).length > 0) for (const one of selectors.split(',')) add(one, look)
  }

  return {
    /** What the rules say about an element of these keys; `undefined` where they say nothing. */
    look(keys: readonly string[], isOpen: (key: string) => boolean): Look | undefined {
      let look: Look | undefined
      const own = new Set(keys).add('*')
      for (const key of own) {
        for (const rule of rules.get(key) ?? []) {
          if (rule.others.every((other) => own.has(other)) && rule.around.every(isOpen))
            look = { ...look, ...rule.look }
        }
      }
      return look
    },
  }
}

const rank = (key: string) => ['[', '.', '#'].indexOf(key[0] ?? '') + 1

function keysOf(compound: string): string[] {
  const keys = compound
    .replace(/::?[\w-]+(?:\([^)]{0,100}\))?/g, '')
    .matchAll(/[.#]?(?:\\[\s\S]|[^\s.#[\]()*,\\])+|\[[^\]]{1,100}\]?/g)
  return [...keys].slice(0, mostKeys).map(([key]) => {
    if (/^[.#]/.test(key)) return key.replace(/\\/g, '')
    return key
      .toLowerCase()
      .replace(/["'\s]/g, '')
      .replace(/[~|^$*]=.*/, ']')
  })
}

/** The keys that selectors know an element by. Letter case of classes and ids counts. */
export function keysOfElement(name: string, attributes: ReadonlyMap<string, string>): string[] {
  const classes = (attributes.get('class') ?? '').split(/\s+/).filter(Boolean)
  const id = attributes.get('id')
  return [
    name,
    ...classes.map((one) => `.${one}`),
    ...(id ? [`#${id}`] : []),
    ...[...attributes].flatMap(([one, value]) => [
      `[${one}]`,
      `[${one}=${value.slice(0, 100).toLowerCase()}]`,
    ]),
  ]
}

/** The rules that apply for most readers, also within `@media` and the like. */
function* rulesOf(css: string): Generator<{ selectors: string; body: string }> {
  const text = css.replace(/\/\*[\s\S]*?(?:\*\/|$)|<!--|-->/g, ' ')
  const blocks: boolean[] = []
  let skipped = 0
  let from = 0
  let selectors: string | null = null
  for (const { index, 0: mark } of text.matchAll(/[{};]/g)) {
    if (mark === ';' && selectors !== null) continue
    const part = text.slice(from, index)
    if (selectors !== null && skipped === 0) yield { selectors, body: part }
    selectors = null
    from = index + 1
    if (mark === '}' && blocks.pop()) skipped -= 1
    if (mark !== '{') continue
    const group = /^\s*@(media|supports|layer|container|scope)?/i.exec(part)
    const skips = group !== null && (group[1] === undefined || elsewhere.test(part.toLowerCase()))
    blocks.push(skips)
    if (skips) skipped += 1
    if (group === null) selectors = part
  }
}
