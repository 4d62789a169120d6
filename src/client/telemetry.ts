import { channel } from 'node:diagnostics_channel'
import type { Context, Histogram, MeterProvider, Span } from '@opentelemetry/api'
import type { Failure } from '../errors.ts'
import type { Broken } from './broken.ts'
import type { HttpAnswer } from './exchange.ts'

/** What OpenTelemetry is told, when its API is installed. Nothing here throws: watching a call must not end it. */
export type Telemetry = {
  /** Begins the INTERNAL span of a call of an action; none where no SDK is registered. */
  action(action: { name: string; effect: string }): CallSpan | undefined
}

/** The span of one call. */
export type CallSpan = {
  /** Runs something with the span as the active one. */
  within<T>(run: () => T): T
  /** Begins the CLIENT span of an attempt. */
  attempt(attempt: Attempt): AttemptSpan
  end(failure: Failure | null, trace: { attempts: number; verified_by: string | null }): void
}

/** The span of one attempt. */
type AttemptSpan = {
  /** Propagation headers, where an instrumentation of undici would have added its own; else none. */
  headers: Record<string, string>
  /** Runs the request such that instrumentations add no span for it. */
  within<T>(run: () => T): T
  end(result: HttpAnswer | Broken): void
}

/** One attempt of a request; `resends` counts those before. */
type Attempt = { origin: string; method: string; template: string; resends: number }

/** Intercom's error codes (docs/intercom-api.md 1.4). A code comes from an answer, and so could hold anything. */
const intercomCodes = new Set(
  `action_forbidden admin_not_found answer_too_large api_plan_restricted bad_request client_error company_not_found
  conflict custom_data_limit_reached data_invalid forbidden intercom_version_invalid invalid_document job_closed
  media_type_not_acceptable missing_authorization missing_parameter not_found not_restorable parameter_invalid
  parameter_missing parameter_not_found rate_limit_exceeded redirect_refused refused request_timeout
  resource_conflict retry_after scroll_exists server_error server_timeout service_unavailable tag_has_dependent_objects
  tag_not_found team_not_found team_unavailable token_blocked token_expired token_not_found token_revoked
  token_suspended token_unauthorized too_many_requests type_mismatch unauthorized unique_user_constraint
  unprocessable_entity unreadable_answer unsupported`.split(/\s+/),
)

/** Bounds in seconds that the HTTP conventions ask for. */
const bounds = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10]
const scope = 'modulex-intercom'

/** Where undici announces a request, and `@opentelemetry/instrumentation-undici` begins a span and adds headers. */
const announced = channel('undici:request:create')
/** The key of `suppressTracing` in `@opentelemetry/core`: no SDK begins a span in a context that has it. */
const suppressed = 'OpenTelemetry SDK Context Key SUPPRESS_TRACING'

type Api = typeof import('@opentelemetry/api')

let loading: Promise<Telemetry | null> | undefined

/** Loads `@opentelemetry/api` at the first call; null where it is not installed. */
export function telemetry(): Promise<Telemetry | null> {
  loading ??= import('@opentelemetry/api').then(telemetryOf).catch(() => null)
  return loading
}

function telemetryOf(api: Api): Telemetry {
  const { context, isSpanContextValid, propagation, SpanKind, SpanStatusCode, trace } = api
  const suppressKey = api.createContextKey(suppressed)
  const tracer = trace.getTracer(scope)
  const durations = durationsOf(api)

  function begin(name: string, effect: string): CallSpan | undefined {
    const span = tracer.startSpan(`intercom ${name}`, {
      kind: SpanKind.INTERNAL,
      attributes: { 'intercom.action': name, 'intercom.effect': effect },
    })
    if (!isSpanContextValid(span.spanContext()) && durations() === null) return undefined
    const inside = trace.setSpan(context.active(), span)
    return {
      within: (run) => context.with(inside, run),
      attempt: (one) => quietly(() => attempt(one)) ?? untraced,
      end: (failure, { attempts, verified_by }) =>
        quietly(() => {
          const outcome = failure?.outcome ?? 'success'
          span.setAttributes({ 'intercom.outcome': outcome, 'intercom.attempts': attempts })
          if (verified_by !== null) span.setAttribute('intercom.verified_by', verified_by)
          endSpan(span, failure && codeOf(failure))
        }),
    }

    function attempt({ origin, method, template, resends }: Attempt): AttemptSpan {
      const requested = { 'http.request.method': method, ...serverOf(origin) }
      const attributes = {
        ...requested,
        // Without a proxy's own path, which may be a secret.
        'url.full': origin + template.replaceAll('{id}', 'REDACTED'),
        'url.template': template,
        ...(resends > 0 ? { 'http.request.resend_count': resends } : {}),
      }
      const sent = tracer.startSpan(`${method} ${template}`, { kind: SpanKind.CLIENT, attributes }, inside)
      const from = performance.now()
      const own = trace.setSpan(inside, sent)
      return {
        headers: quietly(() => propagated(own)) ?? {},
        within: (run) => runIn(own.setValue(suppressKey, true), run),
        end: (result) =>
          quietly(() => {
            const error = errorType(result)
            const answered = {
              ...('status' in result ? { 'http.response.status_code': result.status } : {}),
              ...(error === null ? {} : { 'error.type': error }),
            }
            durations()?.record((performance.now() - from) / 1000, { ...requested, ...answered })
            sent.setAttributes(answered)
            endSpan(sent, error)
          }),
      }
    }
  }

  function propagated(of: Context): Record<string, string> {
    const headers: Record<string, unknown> = {}
    if (announced.hasSubscribers) propagation.inject(of, headers)
    const valid = Object.entries(headers).flatMap(([name, value]) =>
      /^[\w-]+$/.test(name) && typeof value === 'string' && /^[\x20-\x7e]*$/.test(value)
        ? [[name.toLowerCase(), value]]
        : [],
    )
    return Object.fromEntries(valid) as Record<string, string> // as just checked
  }

  /** Also where the context manager throws. */
  function runIn<T>(of: Context, run: () => T): T {
    let done: { value: T } | undefined
    quietly(() => {
      context.with(of, () => {
        done = { value: run() }
      })
    })
    return done === undefined ? run() : done.value
  }

  function endSpan(span: Span, error: string | null): void {
    if (error !== null) span.setAttribute('error.type', error).setStatus({ code: SpanStatusCode.ERROR })
    span.end()
  }

  return { action: ({ name, effect }) => quietly(() => begin(name, effect)) }
}

const untraced: AttemptSpan = { headers: {}, within: (run) => run(), end: () => {} }

/** The histogram of the provider that is registered, if one is: one that comes after the first call counts too. */
function durationsOf({ createNoopMeter, metrics }: Api): () => Histogram | null {
  let provider: MeterProvider | undefined
  let durations: Histogram | null = null
  return () => {
    const current = metrics.getMeterProvider()
    if (provider === current) return durations
    provider = current
    const meter = current.getMeter(scope)
    if (meter === createNoopMeter()) return null
    durations = meter.createHistogram('http.client.request.duration', {
      unit: 's',
      description: 'Duration of HTTP client requests.',
      advice: { explicitBucketBoundaries: bounds },
    })
    return durations
  }
}

function codeOf({ code, status }: Failure): string {
  return status === null || intercomCodes.has(code) ? code : '_OTHER'
}

function errorType(result: HttpAnswer | Broken): string | null {
  if ('broken' in result) return result.broken
  return result.status >= 400 ? String(result.status) : null
}

const servers = new Map<string, Record<string, string | number>>()

function serverOf(origin: string): Record<string, string | number> {
  let server = servers.get(origin)
  if (server === undefined) {
    const { protocol, hostname, port } = new URL(origin)
    const secure = protocol === 'https:'
    server = {
      'server.address': hostname.replace(/^\[|\]$/g, ''),
      'server.port': Number(port) || (secure ? 443 : 80),
      'url.scheme': secure ? 'https' : 'http',
    }
    servers.set(origin, server)
  }
  return server
}

function quietly<T>(run: () => T): T | undefined {
  try {
    return run()
  } catch {
    return undefined
  }
}
