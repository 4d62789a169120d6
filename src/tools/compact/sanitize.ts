/** Control, format, private-use and ignorable characters, and noncharacters. */
const invisible = /[\p{Cc}\p{Cf}\p{Co}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}]/gu
/** Joiners and variation selectors that only choose how an emoji looks. */
const emojiLook = /(?<=[\p{Extended_Pictographic}\p{Emoji_Modifier}])[\ufe0e\ufe0f\u200d]+/gu
const lineBreak = /\r\n?|[\v\f\u0085\u2028\u2029]/g
const space = /[\p{Zs}\t\u2800]/gu
const stackedMarks = /(?<=\p{M}{6})\p{M}+/gu

/**
 * Text as a reader sees it: every kind of space is a space, every line break `\n`, and invisible characters are
 * removed. `removed` counts them, except for emoji joiners, which change nothing that is said.
 */
export function removeInvisible(text: string): { text: string; removed: number } {
  if (!/[^\n -~]/.test(text)) return { text, removed: 0 }
  const visible = text.toWellFormed().replace(lineBreak, '\n').replace(space, ' ').replace(emojiLook, '')
  let removed = 0
  const remove = (match: string) => {
    if (match === '\n') return match
    removed += [...match].length
    return ''
  }
  return { text: visible.replace(invisible, remove).replace(stackedMarks, remove), removed }
}

// biome-ignore format: a table
/** Letters of other alphabets, and digits, that pass for those of `customer-text`. */
const lookAlikes: Record<string, string> = {
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
const tagNameLike = /c-{0,2}u-{0,2}s-{0,2}t-{0,2}o-{0,2}m-{0,2}e-{0,2}r-{0,6}t-{0,2}e-{0,2}x-{0,2}t/g
const plainWords = /^customer +text$/i
const angleBracket = /[<\uff1c\ufe64\u2329\u3008\u27e8\u276c\u276e\u2770\u02c2\u1438\u227a\u2039\u29fc]/g
const tagLike = /[<](?=\s{0,9}[/\\!?|\uff0f\u2044\u2215\u29f8\p{L}])/gu

/**
 * Removes from a text what could pass for structure around it: `<tag>` becomes `‹tag>`, `customer-text` in any
 * alphabet loses its hyphen, Markdown links and images are broken up, and code fences become quotes.
 */
export function neutralize(text: string): string {
  return withoutTagName(text)
    .replace(angleBracket, '<')
    .replace(tagLike, '‹')
    .replaceAll('](', '] (')
    .replaceAll('][', '] [')
    .replaceAll('![', '! [')
    .replaceAll('```', "'''")
}

/** Whatever in ASCII could fold to `customer-text`, and more: a text without it needs no folding. */
const asciiSuspect =
  /c[\W_]{0,2}u[\W_]{0,2}[s$5][\W_]{0,2}[t7+][\W_]{0,2}[o0][\W_]{0,2}m[\W_]{0,2}[e3][\W_]{0,2}r[\W_]{0,6}[t7+]/i

function withoutTagName(text: string): string {
  if (!/[^\0-\x7f]/.test(text) && !asciiSuspect.test(text)) return text
  let letters = ''
  const starts: number[] = []
  const ends: number[] = []
  let at = 0
  for (const character of text) {
    const end = at + character.length
    for (const letter of foldedCharacter(character)) {
      letters += letter
      starts.push(at)
      ends.push(end)
    }
    at = end
  }
  let out = ''
  let done = 0
  for (const { index, 0: match } of letters.matchAll(tagNameLike)) {
    const start = starts[index] ?? 0
    const end = ends[index + match.length - 1] ?? 0
    if (plainWords.test(text.slice(start, end))) continue
    out += `${text.slice(done, start)}customer text`
    done = end
  }
  return out + text.slice(done)
}

/** The letters a to z that a character passes for, `-` for what may join letters, `.` for what separates words. */
function foldedCharacter(character: string): string {
  const known = lookAlikes[character.toLowerCase()]
  if (known !== undefined) return known
  if (character <= '\u007f' && /[a-z]/i.test(character)) return character.toLowerCase()
  return [...character.normalize('NFKD').toLowerCase()].map(foldedPart).join('')
}

function foldedPart(character: string): string {
  const known = lookAlikes[character]
  if (known !== undefined) return known
  if (/[a-z]/.test(character)) return character
  if (/\p{M}/u.test(character)) return ''
  return /[\p{L}\p{N}\n.,;:!?]/u.test(character) ? '.' : '-'
}
