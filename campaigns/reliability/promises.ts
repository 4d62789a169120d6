import { isOurs, type Row } from './cell.ts'
import type { Scenario } from './scenarios.ts'

/** Which promises of this package a row breaks, as sentences; none of Intercom's own clients'. */
export function brokenPromises(row: Row, { effect }: Scenario): string[] {
  const { client } = row
  if (!isOurs(client)) return []
  const late = effect === 'after the last look'
  const broken: string[] = []
  const never = (count: number, what: string) => {
    if (count > 0) broken.push(`${row.scenario}, ${client}: ${count} ${what}`)
  }
  never(row.lost, 'reported as a success are not there')
  never(row.denied, 'reported as refused or not sent are there')
  if (!(late && client === 'verify-then-resend')) never(row.duplicates, 'stored twice')
  if (effect === 'refused') never(row.unknown, 'that were never transmitted, or were refused are unknown')
  const visible = effect === 'at once' || effect === 'before the last look'
  if (visible && client !== 'report') never(row.unseen, 'replies and notes that could be seen are unknown')
  return broken
}
