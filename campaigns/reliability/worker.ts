import { type Client, type Row, runCell } from './cell.ts'
import { circumstances, faultScenarios } from './scenarios.ts'

/** What a worker is asked for, one at a time, and what it answers. */
export type Order = { scenario: string; client: Client; sends: number }
export type Answer = { row: Row } | { error: string }

process.on('message', async ({ scenario: name, client, sends }: Order) => {
  const scenario = [...faultScenarios, ...circumstances].find((one) => one.name === name)
  const answer = (message: Answer) => process.send?.(message)
  if (scenario === undefined) return answer({ error: `there is no scenario ${name}` })
  try {
    answer({ row: await runCell(scenario, client, sends) })
  } catch (error) {
    answer({ error: `${name}, ${client}: ${error instanceof Error ? error.stack : String(error)}` })
  }
})
process.on('disconnect', () => process.exit())
