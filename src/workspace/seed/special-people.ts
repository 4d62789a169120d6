import type { Country } from './words/names.ts'

/** What a special person fixes; the rest is drawn as for anybody else. */
export type SpecialPerson = {
  role: 'user' | 'lead'
  name: string | null
  email: string | null
  country: Country
}

/**
 * The first contacts of every seed, there because software trips over them: shared addresses, names with marks,
 * other scripts, an emoji, characters that HTML escapes, and somebody without name or address. A workspace of
 * fewer contacts has the first of them.
 */
export const SPECIAL_PEOPLE: readonly SpecialPerson[] = [
  { role: 'user', name: "Siobhán O'Brien", email: 'siobhan.obrien@saltmarshyoga.example', country: 'GB' },
  { role: 'lead', name: 'Marta Lindqvist', email: 'marta@lindqvistkeramik.example', country: 'SE' },
  { role: 'user', name: 'Marta Lindqvist', email: 'marta@lindqvistkeramik.example', country: 'SE' },
  { role: 'lead', name: 'Kantine Nord', email: 'info@kantinenord.example', country: 'DE' },
  { role: 'lead', name: 'Jonas (Kantine Nord)', email: 'info@kantinenord.example', country: 'DE' },
  { role: 'user', name: '王小明', email: 'wang.xiaoming@qingteng.example', country: 'CN' },
  { role: 'user', name: 'ليلى حداد', email: 'layla.haddad@dar-alfann.example', country: 'AE' },
  { role: 'user', name: 'Fern & Fable Pottery', email: 'hello@fernandfable.example', country: 'GB' },
  { role: 'user', name: 'Zoë Hartmann 🌻', email: 'zoe.hartmann@sonnenhof.example', country: 'DE' },
  { role: 'user', name: 'Łukasz Żółkiewski', email: 'lukasz.zolkiewski@studioruchu.example', country: 'PL' },
  { role: 'lead', name: null, email: null, country: 'US' },
  { role: 'lead', name: 'Renée Dupré-Lévêque', email: 'Renee.Dupre@Atelier-Reve.example', country: 'FR' },
]
