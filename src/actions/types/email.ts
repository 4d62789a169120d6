import { z } from 'zod'
import { lengthProblem } from '../../client/path.ts'
import { invisible, trimmed } from '../../core/blanks.ts'

/** Two texts that differ by one look the same. */
const hasInvisible = new RegExp(`[${invisible}]`, 'u')
const eachInvisible = new RegExp(`[${invisible}]`, 'gu')
const local = /^[\p{L}\p{M}\p{N}\p{S}!#%&*/?_{}-][\p{L}\p{M}\p{N}\p{S}!#%&'*/?_{}.-]*$/u
const domain = /^[\p{L}\p{M}\p{N}_-]+(?:\.[\p{L}\p{M}\p{N}_-]+)*$/u

/** Sorting one endless run of marks would take quadratic time: such a text stays as it is, and is not an address. */
const endlessMarks = /\p{M}{31}/u

/** The one form of an address, whose accents may be composed or not. */
export function composed(text: string): string {
  return endlessMarks.test(text) ? text : text.normalize('NFC')
}

function isAddress(text: string): boolean {
  const at = text.lastIndexOf('@')
  if (endlessMarks.test(text)) return false
  const plain = !hasInvisible.test(text) && !text.startsWith('`') && text.normalize('NFKC') === text
  return at > 0 && plain && local.test(text.slice(0, at)) && domain.test(text.slice(at + 1))
}

/**
 * What is wrong with an e-mail address, and the one that was probably meant. Intercom takes nearly anything that has an
 * @, so that a mark around an address makes a second contact that looks like the first.
 */
export function emailProblem(given: string): string | null {
  const tooLong = lengthProblem(given)
  if (tooLong !== null || isAddress(composed(given))) return tooLong
  const meant = addressIn(given)
  return meant === undefined
    ? 'is not an e-mail address'
    : `is not an e-mail address as it stands; write ${meant}`
}

/** The one address in a text: `Ada <ada@x.example>`, `mailto:ada@x.example`, `"ada@x.example."`. */
function addressIn(text: string): string | undefined {
  const plain = text
    .slice(0, 1000)
    .normalize('NFKC')
    .replaceAll('%40', '@')
    .replaceAll('’', "'")
    .replace(/\s/g, ' ')
    .replace(eachInvisible, '')
  const found = addresses(plain.split(/[ <>,;"]+/))
  if (found.length > 0) return found.length === 1 ? found[0] : undefined
  return addresses([plain.replaceAll(' ', '')])[0]
}

function addresses(texts: string[]): string[] {
  const bare = texts.map((text) =>
    text
      .replaceAll('\u3002', '.')
      .replace(/^.*(?:mailto|e-?mail):/i, '')
      .replace(/[?].*$/s, '')
      .replace(/^[^\p{L}\p{N}_]+|[^\p{L}\p{M}\p{N}]+$/gu, ''),
  )
  return [...new Set(bare.filter(isAddress))]
}

/** An e-mail address. Composed and decomposed forms of one are the same: it is sent composed. */
export function email(description: string) {
  return z
    .string()
    .superRefine((value, context) => {
      const message = emailProblem(value)
      if (message !== null) context.addIssue({ code: 'custom', message })
    })
    .describe(description)
    .transform(composed)
}

/** Whether two texts are the same address: letter case and the form of accents do not count. */
export function sameEmail(one: string, other: string): boolean {
  return composed(one).toLowerCase() === composed(other).toLowerCase()
}

/**
 * What is wrong with blanks around an identifier, and characters in it that show nothing, and what would be right: it
 * names a second thing that looks like the first.
 */
export function invisibleProblem(given: string): string | null {
  const visible = trimmed(given.replace(eachInvisible, ''))
  if (visible === given || visible === '') return null
  const right = visible.length > 100 ? 'leave them out' : `write ${visible}`
  return `has blanks around it or invisible characters in it; ${right}`
}

/** Refuses an identifier that is too long, or has an `invisibleProblem`. */
export function refuseAltered(value: string | undefined, context: z.RefinementCtx): void {
  const tooLong = refuseTooLong(value, context)
  const message = value === undefined || tooLong ? null : invisibleProblem(value)
  if (message !== null) context.addIssue({ code: 'custom', message })
}

/** Refuses an identifier that has a `lengthProblem`, before anything else reads all of it. */
export function refuseTooLong(value: string | undefined, context: z.RefinementCtx): boolean {
  const message = value === undefined ? null : lengthProblem(value)
  if (message !== null) context.addIssue({ code: 'custom', message, continue: false })
  return message !== null
}
