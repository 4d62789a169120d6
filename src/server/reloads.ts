import { gauge, type MetricFamily } from './rest/metrics.ts'

/** Whether the configuration in force is that of the file, as of the last time that it was read. */
export type Reloads = {
  /** It was read again; `isTaken`: and taken over. */
  came(isTaken: boolean): void
  /** When the one in force was taken over, Unix ms. */
  since(): number
  /** For `/readyz`. */
  detail(): { configuration?: 'outdated' }
  metrics(): MetricFamily[]
}

export function reloads(now: () => number = Date.now): Reloads {
  let since = now()
  let isTaken = true
  return {
    came(taken) {
      isTaken = taken
      if (taken) since = now()
    },
    since: () => since,
    detail: () => (isTaken ? {} : { configuration: 'outdated' }),
    metrics: () => [
      gauge(
        'config_last_reload_successful',
        'Whether the configuration file was taken over when it was last read: 0 while an earlier one still holds.',
        Number(isTaken),
      ),
      gauge(
        'config_last_reload_success_timestamp_seconds',
        'When the configuration that holds was taken over.',
        since / 1000,
      ),
    ],
  }
}
