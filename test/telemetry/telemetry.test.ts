import assert from 'node:assert/strict'
import { AsyncLocalStorage } from 'node:async_hooks'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { test } from 'node:test'
import {
  type Context,
  context,
  createContextKey,
  metrics,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api'
import {
  AggregationTemporality,
  type Histogram,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics'
import {
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
  TracerProvider,
} from '@opentelemetry/sdk-trace'
import { createClient } from '../../src/client/client.ts'
import { credentials } from '../../src/client/credentials.ts'
import { type Path, path, withQuery } from '../../src/client/path.ts'
import { telemetry } from '../../src/client/telemetry.ts'
import { portTo } from '../../src/core/port.ts'
import { createIntercom } from '../../src/index.ts'
import { errorList, type Reply, scriptedIntercom, scriptedToken } from '../support/scripted-intercom.ts'

const spans = new InMemorySpanExporter()
const processor = new SimpleSpanProcessor({ exporter: spans })
let broken = false
let ids = 1
trace.setGlobalTracerProvider(
  new TracerProvider({
    // The scripted Intercom stills Math.random, which the SDK makes its ids of.
    idGenerator: {
      generateTraceId: () => String(ids++).padStart(32, '0'),
      generateSpanId: () => String(ids++).padStart(16, '0'),
    },
    spanProcessors: [
      processor,
      {
        onStart: () => fail('onStart'),
        onEnd: () => fail('onEnd'),
        forceFlush: async () => {},
        shutdown: async () => {},
      },
    ],
  }),
)
const exporter = new InMemoryMetricExporter(AggregationTemporality.DELTA)
const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 })
metrics.setGlobalMeterProvider(new MeterProvider({ readers: [reader] }))
const storage = new AsyncLocalStorage<Context>()
context.setGlobalContextManager({
  active: () => storage.getStore() ?? ROOT_CONTEXT,
  with: (active, run, self, ...args) => storage.run(active, () => run.apply(self as never, args)),
  bind: (_, target) => target,
  enable() {
    return this
  },
  disable() {
    return this
  },
})

const contact_id = '6762f0dd1bb69f9f2193bb83'
const contact = { json: { type: 'contact', id: contact_id, role: 'user' } }

function fail(where: string): void {
  if (broken) throw new Error(`${where} is broken`)
}

function taken(kind: SpanKind): ReadableSpan[] {
  return spans.getFinishedSpans().filter((span) => span.kind === kind)
}

async function script(replies: Reply[], options = {}) {
  spans.reset()
  return await scriptedIntercom(replies, options)
}

test('a call is a span of the caller’s, and every attempt a client span within it', async () => {
  const { intercom, url, close } = await script([{ status: 500, json: {} }, contact])
  await trace
    .getTracer('caller')
    .startActiveSpan('outer', (outer) => intercom.run('get_contact', { contact_id }).then(() => outer.end()))
  await close()
  const [outer, call] = taken(SpanKind.INTERNAL).toReversed()
  assert.equal(call?.name, 'intercom get_contact')
  assert.equal(call.parentSpanContext?.spanId, outer?.spanContext().spanId)
  assert.deepEqual(call.attributes, {
    'intercom.action': 'get_contact',
    'intercom.effect': 'read',
    'intercom.outcome': 'success',
    'intercom.attempts': 2,
  })
  assert.equal(call.status.code, SpanStatusCode.UNSET)
  const requests = taken(SpanKind.CLIENT)
  for (const request of requests) {
    assert.equal(request.name, 'GET /contacts/{id}')
    assert.equal(request.parentSpanContext?.spanId, call.spanContext().spanId)
  }
  const attributes = {
    'http.request.method': 'GET',
    'server.address': '127.0.0.1',
    'server.port': Number(new URL(url).port),
    'url.scheme': 'http',
    'url.full': `${url}/contacts/REDACTED`,
    'url.template': '/contacts/{id}',
  }
  assert.deepEqual(
    requests.map((request) => [request.attributes, request.status.code]),
    [
      [{ ...attributes, 'http.response.status_code': 500, 'error.type': '500' }, SpanStatusCode.ERROR],
      [
        { ...attributes, 'http.request.resend_count': 1, 'http.response.status_code': 200 },
        SpanStatusCode.UNSET,
      ],
    ],
  )
})

test('an action of somebody else is recorded by the route that its path was written as', async () => {
  const { url, close } = await script([{ json: { type: 'segment', id: '5' } }])
  const client = createClient({
    credentials: credentials({ accessToken: scriptedToken, baseUrl: url }),
    timeoutMs: 5000,
    hooks: {},
    rateLimitFile: undefined,
  })
  const span = (await telemetry())?.action({ name: 'get_segment', effect: 'read' })
  const { send } = client.open(5000, undefined, span)
  const get = (path: Path) => portTo(send).get(path)
  await get(withQuery(path`/segments/${'5'}`, { include_count: 1 }))
  await get(path`/segments`)
  await close()
  assert.deepEqual(
    taken(SpanKind.CLIENT).map(({ name, attributes }) => [
      name,
      attributes['url.template'],
      attributes['url.full'],
    ]),
    [
      ['GET /segments/{id}', '/segments/{id}', `${url}/segments/REDACTED`],
      ['GET /segments', '/segments', `${url}/segments`],
    ],
  )
})

test('a hook runs within the span of its call', async () => {
  const seen: (string | undefined)[] = []
  const onRequest = () => {
    seen.push(trace.getActiveSpan()?.spanContext().spanId)
  }
  const { intercom, close } = await script([contact], { onRequest })
  await intercom.run('get_contact', { contact_id })
  await close()
  assert.deepEqual(
    seen,
    taken(SpanKind.INTERNAL).map((span) => span.spanContext().spanId),
  )
})

test('a failure is told by its code and outcome, a lost connection by what broke', async () => {
  const refused = await script([{ status: 404, json: errorList('not_found', 'User Not Found') }])
  await refused.intercom.run('get_contact', { contact_id })
  await refused.close()
  const [call] = taken(SpanKind.INTERNAL)
  assert.equal(call?.attributes['error.type'], 'not_found')
  assert.equal(call.attributes['intercom.outcome'], 'rejected')
  assert.deepEqual(call.status, { code: SpanStatusCode.ERROR })
  const lost = await script([(_, socket) => socket.destroy()])
  await lost.intercom.run('create_note', { contact_id, body: 'Hello' })
  await lost.close()
  assert.equal(taken(SpanKind.INTERNAL)[0]?.attributes['intercom.outcome'], 'unknown')
  assert.equal(taken(SpanKind.CLIENT)[0]?.attributes['error.type'], 'connection_lost')
  assert.equal(taken(SpanKind.CLIENT)[0]?.name, 'POST /contacts/{id}/notes')
})

test('the duration of each attempt is counted in seconds', async () => {
  await reader.forceFlush()
  exporter.reset()
  const { intercom, close } = await script([{ status: 502, json: {} }, contact])
  await intercom.run('get_contact', { contact_id })
  await close()
  await reader.forceFlush()
  const [metric] = exporter.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics[0]?.metrics ?? [])
  assert.equal(metric?.descriptor.name, 'http.client.request.duration')
  assert.equal(metric.descriptor.unit, 's')
  const points = metric.dataPoints.map(({ attributes, value }) => ({
    ...attributes,
    count: (value as Histogram).count,
  }))
  assert.deepEqual(
    points.map((point) => ({ ...point, 'server.port': 0 })),
    [
      { 'http.response.status_code': 502, 'error.type': '502', count: 1 },
      { 'http.response.status_code': 200, count: 1 },
    ].map((own) => ({
      'http.request.method': 'GET',
      'server.address': '127.0.0.1',
      'server.port': 0,
      'url.scheme': 'http',
      ...own,
    })),
  )
})

test('no token, input, id or answer gets into spans and metrics', async () => {
  const canary = 'canary5772156649'
  const hostile: Reply = (response) =>
    response
      .writeHead(422, { 'content-type': 'application/json', 'x-request-id': canary, 'x-canary': canary })
      .end(JSON.stringify({ ...errorList(canary, canary), [canary]: scriptedToken, request_id: canary }))
  await reader.forceFlush()
  exporter.reset()
  const { intercom, close } = await script([hostile])
  const email = `${canary}@example.com`
  await intercom.run('get_contact', { contact_id: canary })
  await intercom.run('create_note', { contact_id: canary, body: canary })
  await intercom.run('add_tag_to_contact', { contact_id: canary, tag_id: canary })
  await intercom.run('upsert_contact', { email })
  await intercom.run('list_conversations', { starting_after: canary })
  await intercom.run('get_contact', { contact_id: `${canary} ${scriptedToken}` })
  await intercom.run(canary as string, { [canary]: canary })
  await intercom.run('get_contact' as string, { [canary]: canary })
  await close()
  await reader.forceFlush()
  const seen = [...taken(SpanKind.INTERNAL), ...taken(SpanKind.CLIENT)].map(
    ({ name, attributes, events, status, links }) => ({ name, attributes, events, status, links }),
  )
  assert.ok(seen.length >= 12, String(seen.length))
  const text = JSON.stringify([seen, exporter.getMetrics().map(({ scopeMetrics }) => scopeMetrics)])
  assert.match(text, /http\.client\.request\.duration/)
  assert.doesNotMatch(text, /canary/i)
  for (const from of [0, 20, 40]) assert.ok(!text.includes(scriptedToken.slice(from, from + 15)))
})

test('telemetry that throws changes nothing', async () => {
  const { intercom, received, close } = await script([contact])
  broken = true
  const { output, trace } = await intercom.call('get_contact', { contact_id })
  broken = false
  await close()
  assert.deepEqual([output.success, trace.attempts, received.length], [true, 1, 1])
})

const suppressed = createContextKey('OpenTelemetry SDK Context Key SUPPRESS_TRACING')
propagation.setGlobalPropagator({
  fields: () => ['traceparent'],
  extract: (active) => active,
  inject(active, carrier, setter) {
    const span = trace.getSpan(active)?.spanContext()
    if (span === undefined || !trace.isSpanContextValid(span) || active.getValue(suppressed) === true) return
    setter.set(carrier, 'traceparent', `00-${span.traceId}-${span.spanId}-01`)
    setter.set(carrier, 'authorization', 'of a propagator')
    setter.set(carrier, 'x-broken', 'a\nb')
  },
})

/** What `@opentelemetry/instrumentation-undici` does when a request is announced. */
function instrumented(message: unknown): void {
  const { request } = message as { request: { addHeader(name: string, value: string): void } }
  const span = trace.getTracer('undici').startSpan('GET', { kind: SpanKind.CLIENT }, context.active())
  const headers: Record<string, string> = {}
  propagation.inject(trace.setSpan(context.active(), span), headers)
  for (const [name, value] of Object.entries(headers)) request.addHeader(name, value)
  span.end()
}

test('beside an instrumentation of undici each attempt is one span, whose id is sent', async (t) => {
  subscribe('undici:request:create', instrumented)
  t.after(() => unsubscribe('undici:request:create', instrumented))
  const { intercom, received, close } = await script([{ status: 500, json: {} }, contact])
  await intercom.run('get_contact', { contact_id })
  await close()
  assert.deepEqual(
    received.map(({ headers }) => headers['traceparent']),
    taken(SpanKind.CLIENT).map((span) => {
      const { traceId, spanId } = span.spanContext()
      return `00-${traceId}-${spanId}-01`
    }),
  )
  assert.equal(received.length, 2)
  assert.equal(received[0]?.headers['authorization'], `Bearer ${scriptedToken}`)
  assert.equal(received[0]?.headers['x-broken'], undefined)
})

test('without one nothing is sent, and what runs next to a request is traced', async () => {
  const { intercom, received, close } = await script([contact], {
    onRequest: () => trace.getTracer('hook').startSpan('hook').end(),
  })
  await trace.getTracer('caller').startActiveSpan('outer', async (outer) => {
    await intercom.run('get_contact', { contact_id })
    trace.getTracer('caller').startSpan('after').end()
    outer.end()
  })
  await close()
  assert.equal(received[0]?.headers['traceparent'], undefined)
  assert.deepEqual(
    taken(SpanKind.INTERNAL).map(({ name }) => name),
    ['hook', 'intercom get_contact', 'after', 'outer'],
  )
})

test('without a context manager an attempt is still a child of its call', async () => {
  context.disable()
  const { intercom, close } = await script([contact])
  await intercom.run('get_contact', { contact_id })
  await close()
  const [call] = taken(SpanKind.INTERNAL)
  assert.ok(call)
  assert.equal(taken(SpanKind.CLIENT)[0]?.parentSpanContext?.spanId, call.spanContext().spanId)
})

test('the port of an address that names none is that of its scheme', async () => {
  spans.reset()
  const intercom = createIntercom({ accessToken: scriptedToken, baseUrl: 'https://127.0.0.1' })
  await intercom.call('get_contact', { contact_id }, { signal: AbortSignal.timeout(5000) })
  const [span] = taken(SpanKind.CLIENT)
  const { 'server.address': address, 'server.port': port, 'url.scheme': scheme } = span?.attributes ?? {}
  assert.deepEqual([address, port, scheme], ['127.0.0.1', 443, 'https'])
})
