/**
 * How often a property is tried, and from which seed: a few times and always the same in `npm test`. `campaign:fuzz` sets
 * RANDOM_RUNS, how many times as many, and RANDOM_SEED.
 */
export function randomRuns(few: number, seed: number): { numRuns: number; seed: number } {
  const { RANDOM_RUNS: times = '1', RANDOM_SEED: own = seed } = process.env
  return { numRuns: few * Number(times), seed: Number(own) }
}
