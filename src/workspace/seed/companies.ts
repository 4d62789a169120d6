import { COMPANY_WORDS, NATIONS, type Nation } from './name-lists.ts'
import { at, below, random, STREAM } from './prng.ts'

/** A customer of the invented software company. Its people share its domain and country. */
export type Company = { name: string; domain: string; industry: string; nation: Nation; turn: number }

/** Company number `index`, always the same. Its domain is nobody else's. */
export function companyOf(index: number): Company {
  const next = random(STREAM.company, index)
  const { first, kind } = COMPANY_WORDS
  const pairs = first.length * kind.length
  // 487 is prime and divides no number of pairs we have, so every pair comes up once before one returns.
  const pair = (index * 487) % pairs
  const round = Math.floor(index / pairs)
  const word = at(first, pair)
  const trade = at(kind, Math.floor(pair / first.length))
  const suffix = round === 0 ? '' : String(round + 1)
  return {
    name: `${word.text} ${trade.text}${round === 0 ? '' : ` ${round + 1}`}`,
    domain: `${word.latin}${trade.latin}${suffix}.example`,
    industry: trade.industry,
    nation: at(NATIONS, below(next, NATIONS.length)),
    turn: below(next, 1000),
  }
}
