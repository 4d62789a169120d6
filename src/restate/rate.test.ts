import assert from 'node:assert/strict'
import { test } from 'node:test'
import { TerminalError } from '@restatedev/restate-sdk'
import { fakeIngress, fakeObject, handlersOf } from '../../test/support/fake-object.ts'
import type { LeaseRequest } from '../client/rate-limit/budget.ts'
import type { Lease, Report, Wait } from '../client/rate-limit/budget-state.ts'
import { permitSource, rate } from './rate.ts'

const { lease } = handlersOf(rate)
const start = Date.UTC(2026, 2, 10)
const report: Report = {
  rate: { limit: 1000, remaining: 1000, reset: start / 1000 + 10 },
  number: 0,
  end: 0,
  sentAt: start,
  headAt: start,
  pauses: 0,
  refused: null,
}
const isLease = (leased: Lease | Wait | null): leased is Lease => leased !== null && 'count' in leased

test('all workers together get nine in ten of what Intercom allows', async () => {
  const { ctx } = fakeObject()
  assert.deepEqual(await lease(ctx, { reports: [], at: start, count: 50 }), { lease: null, pauses: 0 })
  let given = 0
  for (let at = start, reports = [report]; at < start + 10_000; at += 50, reports = []) {
    const { lease: leased } = await lease(ctx, { reports, at, count: 50 })
    if (isLease(leased)) given += leased.count
  }
  assert.ok(given > 850 && given <= 900, `${given}`)
})

test('a pause that Intercom asks one worker for holds for all of them, also before a limit is known', async () => {
  for (const rate of [report.rate, null]) {
    const { ctx } = fakeObject()
    await lease(ctx, { reports: [{ ...report, rate }], at: start, count: 1 })
    const refused = {
      ...report,
      rate,
      sentAt: start + 1000,
      headAt: start + 1000,
      refused: { afterMs: 3000, jitter: 0 },
    }
    await lease(ctx, { reports: [refused], at: start + 1010, count: 1 })
    const { lease: leased, pauses } = await lease(ctx, { reports: [], at: start + 1020, count: 1 })
    assert.ok(leased !== null && 'until' in leased && leased.until >= start + 4000, JSON.stringify(leased))
    assert.equal(pauses, 1)
  }
})

test('a malformed request for permits is a terminal error, which is not retried, and nothing of it is kept', async () => {
  const { ctx, kept } = fakeObject()
  const right: LeaseRequest = { reports: [report], at: start, count: 1 }
  const { refused: _, ...unsaid } = report
  for (const wrong of [
    null,
    'permits',
    {},
    { ...right, reports: {} },
    { ...right, at: null },
    { ...right, count: '1' },
    { ...right, reports: [null] },
    { ...right, reports: [report, unsaid] },
    { ...right, reports: [{ ...report, rate: 'fast' }] },
    { ...right, reports: [{ ...report, headAt: null }] },
  ]) {
    await assert.rejects(
      lease(ctx, wrong as unknown as LeaseRequest), // wrong on purpose
      (error) => error instanceof TerminalError && error.code === 422,
      JSON.stringify(wrong),
    )
  }
  assert.deepEqual(kept(), {})
  await lease(ctx, { ...right, reports: [{ ...report, rate: null }] })
})

test('a worker leases under the name of its app, and takes nothing but a lease for an answer', async (t) => {
  const granted = { count: 2, first: 1, interval: 1, number: 1, end: 9, left: 0, usual: 1 }
  const leases = [
    { lease: granted, pauses: 0 },
    { lease: null, pauses: 3 },
    { lease: { until: 5, usual: 1 }, pauses: 0 },
  ]
  const wrong = [
    null,
    [],
    {},
    { lease: 4, pauses: 0 },
    { lease: { ...granted, first: 'now' }, pauses: 0 },
    { lease: granted },
    { lease: granted, pauses: null },
    { lease: null, pauses: '0' },
  ]
  const replies = [...leases, ...wrong].map((json) => ({ json }))
  const { url, received } = fakeIngress(t, [...replies, { status: 500, json: leases[0] }])
  const permits = permitSource(url, 'api.intercom.io an/app')
  const request = { reports: [report], at: start, count: 2 }
  for (const right of leases) assert.deepEqual(await permits.lease(request), right)
  assert.partialDeepStrictEqual(received[0], {
    path: '/intercom_rate/api.intercom.io%20an%2Fapp/lease',
    body: request,
  })
  for (const each of wrong)
    await assert.rejects(permits.lease(request), /unexpected answer/, JSON.stringify(each))
  await assert.rejects(permits.lease(request), /answered 500/)
})
