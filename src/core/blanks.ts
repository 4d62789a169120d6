/** Control and invisible characters, for a character class; U+2800 is the blank of Braille. */
export const invisible = '\\p{Default_Ignorable_Code_Point}\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}\\u2800'
/** These, and the blanks of every script. */
export const blanks = `[\\p{White_Space}${invisible}]`
const blank = new RegExp(`^${blanks}*$`, 'u')
/** Looks at each run of blanks once, since a long one inside a text must not take long. */
const atTheEnds = new RegExp(`^${blanks}+|(?<!${blanks})${blanks}+$`, 'gu')

/** Whether a text shows nothing. */
export function isBlank(text: string): boolean {
  return blank.test(text)
}

/** Without the invisible characters at its ends. */
export function trimmed(text: string): string {
  return text.replace(atTheEnds, '')
}
