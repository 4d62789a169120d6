import type { Difference } from './differences.ts'
import type { Comparison, Settled } from './run.ts'

/** What a comparison found. It holds no value of either workspace. */
export type Report = {
  report: 'modulex-intercom compare'
  package_version: string
  api_version: string
  mode: 'read-only' | 'writes'
  /** Whether all calls were made. */
  complete: boolean
  calls: { same: number; different: number; not_compared: number }
  differences: ({ call: string } & Difference)[]
  questions: Settled[]
  compared: { call: string; result: string; reason?: string }[]
  /** What the run made at Intercom and could not remove. */
  left?: Record<string, number>
}

/** Most differences of a report. */
const mostDifferences = 500

export function reportOf(
  comparison: Comparison,
  rest: Pick<Report, 'package_version' | 'api_version' | 'mode' | 'complete'> & { left?: Report['left'] },
): Report {
  const { compared, settled } = comparison
  const count = (result: string) => compared.filter((one) => one.result === result).length
  const { left, ...about } = rest
  return {
    report: 'modulex-intercom compare',
    ...about,
    calls: { same: count('same'), different: count('different'), not_compared: count('not compared') },
    differences: compared
      .flatMap(({ call, differences }) => differences.map((one) => ({ call, ...one })))
      .slice(0, mostDifferences),
    questions: settled,
    compared: compared.map(({ call, result, reason }) => ({
      call,
      result,
      ...(reason !== undefined && { reason }),
    })),
    ...(left && { left }),
  }
}
