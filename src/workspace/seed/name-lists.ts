import { COMPANY_FIRST, COMPANY_KIND } from './words/companies.ts'
import { type Country, NAMES, type NameList } from './words/names.ts'
import { PLACES, type Place } from './words/places.ts'

/** A name as it is written and as an e-mail address spells it. */
export type Name = { text: string; latin: string }

/** The names and places of one country, ready to be picked from. */
export type Nation = {
  code: Country
  given: readonly Name[]
  family: readonly Name[]
  familyFirst: boolean
  place: Place
}

const SPECIAL: Readonly<Record<string, string>> = { ß: 'ss', ø: 'o', ł: 'l', ı: 'i', æ: 'ae', đ: 'd' }

/** Letters and digits only, lower case, accents off: how a name looks in an address. */
function latinised(text: string): string {
  return text
    .toLowerCase()
    .normalize('NFD')
    .replace(/[ßøłıæđ]/g, (letter) => SPECIAL[letter] ?? letter)
    .replace(/[^a-z0-9]/g, '')
}

function names(list: string): Name[] {
  return list.split(',').map((entry) => {
    const [text = '', latin = latinised(text)] = entry.split('|')
    return { text, latin }
  })
}

function nation(code: Country): Nation {
  const list: NameList = NAMES[code]
  const familyFirst = list.familyFirst === true
  return { code, given: names(list.given), family: names(list.family), familyFirst, place: PLACES[code] }
}

/** Every country as often as its share says, so that one draw picks by share. */
export const NATIONS: readonly Nation[] = (Object.keys(NAMES) as Country[])
  .map(nation)
  .flatMap((entry) => Array.from({ length: entry.place.share }, () => entry))

/** The nation with a country code. */
export function nationOf(code: Country): Nation {
  return NATIONS.find((entry) => entry.code === code) ?? nation(code)
}

/** First and last words of company names, with the industry that belongs to the last. */
export const COMPANY_WORDS = {
  first: COMPANY_FIRST.map((text) => ({ text, latin: latinised(text) })),
  kind: COMPANY_KIND.map((entry) => {
    const [text = '', industry = ''] = entry.split(':')
    return { text, industry, latin: latinised(text) }
  }),
}
