/** What no reader sees: control, format, private and ignorable characters, and characters that are none. */
const unseen = /[\p{Cc}\p{Cf}\p{Co}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}]/gu
/** Joiners and variation selectors that only choose how an emoji looks. */
const emojiLook = /(?<=[\p{Extended_Pictographic}\p{Emoji_Modifier}])[\ufe0e\ufe0f\u200d]+/gu
const lineBreak = /\r\n?|[\v\f\u0085\u2028\u2029]/g
const blank = /[\p{Zs}\t\u2800]/gu
const stackedMarks = /(?<=\p{M}{6})\p{M}+/gu

/**
 * Text as a reader sees it: every kind of blank is a space, every line break `\n`, and what no reader sees is
 * removed; `removed` counts it (emoji joiners, which change nothing that is said, are not counted).
 */
export function clean(text: string): { text: string; removed: number } {
  if (!/[^\n -~]/.test(text)) return { text, removed: 0 }
  const plain = text.toWellFormed().replace(lineBreak, '\n').replace(blank, ' ').replace(emojiLook, '')
  let removed = 0
  const remove = (match: string) => {
    if (match === '\n') return match
    removed += [...match].length
    return ''
  }
  return { text: plain.replace(unseen, remove).replace(stackedMarks, remove), removed }
}

/** The same text for a person who decides on it: every line break is `\n`, what no reader sees is spelt `\u{202e}`. */
export function withUnseenSpelt(text: string): string {
  const spelt = (one: string) => (one === '\n' ? one : `\\u{${one.codePointAt(0)?.toString(16)}}`)
  return text.toWellFormed().replace(lineBreak, '\n').replace(emojiLook, '').replace(unseen, spelt)
}

// biome-ignore format: a table
/** Letters of other alphabets, and digits, that pass for those of the fence's name. */
const doubles: Record<string, string> = {
  с: 'c', ϲ: 'c', ᴄ: 'c', ⅽ: 'c', ꮯ: 'c', ᥴ: 'c', '¢': 'c',
  υ: 'u', ս: 'u', ᴜ: 'u', μ: 'u', ц: 'u', ꭎ: 'u',
  ѕ: 's', ꜱ: 's', 'ꮪ': 's', 'ʂ': 's', $: 's', 5: 's',
  т: 't', τ: 't', ᴛ: 't', ꭲ: 't', 7: 't', '†': 't', '+': 't',
  о: 'o', ο: 'o', օ: 'o', ᴏ: 'o', σ: 'o', 0: 'o', ø: 'o', ℴ: 'o',
  м: 'm', ᴍ: 'm', ꮇ: 'm', ⅿ: 'm', ʍ: 'm',
  е: 'e', ε: 'e', ҽ: 'e', ᴇ: 'e', ҿ: 'e', є: 'e', 3: 'e',
  г: 'r', ᴦ: 'r', ʀ: 'r', ꭇ: 'r', ꮁ: 'r', я: 'r',
  х: 'x', χ: 'x', ⅹ: 'x', '×': 'x',
}
const fenceLike = /c-{0,2}u-{0,2}s-{0,2}t-{0,2}o-{0,2}m-{0,2}e-{0,2}r-{0,6}t-{0,2}e-{0,2}x-{0,2}t/g
const plainWords = /^customer +text$/i
const angle = /[<\uff1c\ufe64\u2329\u3008\u27e8\u276c\u276e\u2770\u02c2\u1438\u227a\u2039\u29fc]/g
const tagLike = /[<](?=\s{0,9}[/\\!?|\uff0f\u2044\u2215\u29f8\p{L}])/gu

/**
 * Takes from text what could pass for structure around it: tags become `‹tag>`, the fence's own name, in any
 * alphabet, loses its joint, markdown links and images come apart, and code fences become quotes.
 */
export function disarm(text: string): string {
  return withoutFenceName(text)
    .replace(angle, '<')
    .replace(tagLike, '‹')
    .replaceAll('](', '] (')
    .replaceAll('][', '] [')
    .replaceAll('![', '! [')
    .replaceAll('```', "'''")
}

/** Whatever in ASCII could fold to the fence's name, and more: text without it needs no folding. */
const asciiSuspect =
  /c[\W_]{0,2}u[\W_]{0,2}[s$5][\W_]{0,2}[t7+][\W_]{0,2}[o0][\W_]{0,2}m[\W_]{0,2}[e3][\W_]{0,2}r[\W_]{0,6}[t7+]/i

function withoutFenceName(text: string): string {
  if (!/[^\0-\x7f]/.test(text) && !asciiSuspect.test(text)) return text
  let letters = ''
  const starts: number[] = []
  const ends: number[] = []
  let at = 0
  for (const character of text) {
    const end = at + character.length
    for (const letter of folded(character)) {
      letters += letter
      starts.push(at)
      ends.push(end)
    }
    at = end
  }
  let out = ''
  let done = 0
  for (const { index, 0: match } of letters.matchAll(fenceLike)) {
    const start = starts[index] ?? 0
    const end = ends[index + match.length - 1] ?? 0
    if (start < done || plainWords.test(text.slice(start, end))) continue
    out += `${text.slice(done, start)}customer text`
    done = end
  }
  return out + text.slice(done)
}

/** The letters a to z that a character passes for, `-` for what may join letters, `.` for what parts words. */
function folded(character: string): string {
  const known = doubles[character.toLowerCase()]
  if (known !== undefined) return known
  if (character <= '\u007f' && /[a-z]/i.test(character)) return character.toLowerCase()
  return [...character.normalize('NFKD').toLowerCase()].map(foldedOne).join('')
}

function foldedOne(character: string): string {
  const known = doubles[character]
  if (known !== undefined) return known
  if (/[a-z]/.test(character)) return character
  if (/\p{M}/u.test(character)) return ''
  return /[\p{L}\p{N}\n.,;:!?]/u.test(character) ? '.' : '-'
}
