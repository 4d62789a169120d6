import type { CheckResult } from '../../bulk/index.ts'
import type { RequestEvent } from '../../client/call.ts'
import { connectionOf } from '../../client/credentials.ts'
import { usableCalls } from '../../client/rate-limit/budget-state.ts'
import { windowMs } from '../../client/rate-limit/headers.ts'
import { tokenOwner } from '../../client/token-owner.ts'
import type { AnyAction } from '../../core/action.ts'
import type { IntercomOptions } from '../../intercom.ts'
import { printJsonLine, say } from '../command.ts'
import { connect } from '../connection.ts'
import { formatCount, formatDuration } from './progress.ts'

/**
 * Prints the requests of the first rows as they would be sent, and estimates how long the job will take under
 * Intercom's rate limit. Lookups are made, nothing is written.
 */
export async function printDryRun(
  action: AnyAction,
  values: Record<string, unknown>,
  more: IntercomOptions,
  inputs: readonly unknown[],
  { rows, bad }: CheckResult,
): Promise<boolean> {
  const requests: RequestEvent[] = []
  const onRequest = (request: RequestEvent) => void requests.push(request)
  const { intercom, options, close } = await connect({ ...values, dry_run: true }, { ...more, onRequest })
  try {
    const { rate_limit } = await tokenOwner(connectionOf(options), options.rateLimitFile).ask()
    let planned = 0
    for (const input of inputs) {
      const before = requests.length
      const { output, failure } = await intercom.call(action.name, input)
      if (failure !== null) {
        printJsonLine(output)
        continue
      }
      const plan = Object.values(output).find((value) => value instanceof Object && 'dry_run' in value)
      const { method, path } = requests.at(-1) ?? {}
      printJsonLine(plan ?? { method, path, body: null })
      planned += requests.length - before + (plan === undefined ? 0 : 1)
    }
    sayTime(rows - bad, planned / inputs.length, rate_limit?.limit ?? null, values['rate'])
    return bad === 0
  } finally {
    await intercom.close()
    await close()
  }
}

function sayTime(rows: number, perRow: number, limit: number | null, rate: unknown): void {
  say(
    `Dry run: nothing was sent. ${formatCount(rows)} row${rows === 1 ? '' : 's'}, about ${perRow.toFixed(1)} requests each.`,
  )
  const allowed = limit === null ? null : (usableCalls(limit) * 1000) / windowMs
  const least = Math.min(
    allowed ?? Number.POSITIVE_INFINITY,
    typeof rate === 'number' ? rate : Number.POSITIVE_INFINITY,
  )
  if (!Number.isFinite(least)) {
    say('Intercom did not report a rate limit, so the time cannot be estimated.')
    return
  }
  const from = least === allowed ? `Intercom allows ${limit} in ten seconds` : '--rate'
  say(
    `At ${least.toFixed(1)} requests a second (${from}) that takes about ${formatDuration((rows * perRow) / least)}.`,
  )
}
