import { setTimeout as sleep } from 'node:timers/promises'
import type { Incoming, Outgoing } from '../http/answer.ts'
import { gatewayPage, refusalOf } from './bodies.ts'
import type { Fault } from './fault.ts'
import { withRateHeaders } from './rate-headers.ts'
import type { Wire } from './wire.ts'

/** The request into which a fault is injected. */
export interface FaultTarget {
  readonly incoming: Incoming
  readonly wire: Wire
  /** Performs the request and returns Intercom's answer. */
  readonly answer: (incoming: Incoming) => Outgoing
  /** Aborts when the workspace is reset or closed: whatever a fault still holds then ends. */
  readonly stop: AbortSignal
}

/** Injects a fault into a request. Never throws; if it cannot continue, the connection is reset. */
export async function act(fault: Fault, target: FaultTarget): Promise<void> {
  try {
    await perform(fault, target)
  } catch {
    target.wire.reset()
  }
}

async function perform(fault: Fault, { incoming, wire, answer, stop }: FaultTarget): Promise<void> {
  switch (fault.kind) {
    case 'status':
      return send(wire, answer({ ...incoming, refusal: refusalOf(fault.status, fault.code, fault.message) }))
    case 'rate_limited': {
      const refused = answer({ ...incoming, refusal: refusalOf(429, undefined, undefined) })
      return send(wire, fault.reset === 'window' ? refused : withRateHeaders(refused, fault.reset))
    }
    case 'html':
      return send(wire, gatewayPage(fault.status))
    case 'reset':
      return wire.reset()
    case 'hang':
      await held(wire, stop)
      return wire.reset()
    case 'delay':
      await sleep(fault.ms, undefined, { signal: stop })
      return send(wire, answer(incoming))
    case 'commit_reset':
      answer(incoming)
      return wire.reset()
    case 'commit_502':
      answer(incoming)
      return send(wire, gatewayPage(502))
    case 'commit_cut': {
      const whole = answer(incoming)
      wire.head(whole.status, headersOf(whole, Buffer.byteLength(whole.body)))
      await wire.write(half(whole.body))
      return wire.cut()
    }
    case 'cut_commit':
      wire.reset()
      await sleep(fault.ms, undefined, { signal: stop })
      answer(incoming)
      return
    case 'stall': {
      const whole = answer(incoming)
      wire.head(whole.status, headersOf(whole, Buffer.byteLength(whole.body)))
      await held(wire, stop)
      return wire.cut()
    }
    case 'drip':
      return drip(wire, answer(incoming), fault, stop)
    case 'cut_json': {
      const whole = answer(incoming)
      return send(wire, { ...whole, body: half(whole.body) })
    }
    case 'huge':
      return huge(wire, answer(incoming), fault.bytes, stop)
    case 'content_type': {
      const plain = answer(incoming)
      return send(wire, { ...plain, headers: { ...plain.headers, 'Content-Type': fault.value } })
    }
    case 'rate_headers':
      return send(wire, withRateHeaders(answer(incoming), fault.value))
    case 'duplicate_headers': {
      const plain = answer(incoming)
      const twice = Object.entries(plain.headers).filter(([name]) => doubled.test(name))
      wire.head(plain.status, [...headersOf(plain, Buffer.byteLength(plain.body)), ...twice])
      await wire.write(plain.body)
      return wire.end()
    }
  }
}

const doubled = /^(content-type|x-request-id|x-ratelimit-.*)$/i

async function send(wire: Wire, whole: Outgoing): Promise<void> {
  wire.head(whole.status, headersOf(whole, Buffer.byteLength(whole.body)))
  if (whole.body !== '') await wire.write(whole.body)
  wire.end()
}

async function drip(wire: Wire, whole: Outgoing, rate: { ms: number; bytes: number }, stop: AbortSignal) {
  const bytes = Buffer.from(whole.body)
  wire.head(whole.status, headersOf(whole, bytes.length))
  const signal = AbortSignal.any([stop, wire.gone])
  for (let at = 0; at < bytes.length && !wire.gone.aborted; at += rate.bytes) {
    if (at > 0) await sleep(rate.ms, undefined, { signal })
    await wire.write(bytes.subarray(at, at + rate.bytes))
  }
  wire.end()
}

const blanks = Buffer.alloc(64 * 1024, ' ')

async function huge(wire: Wire, whole: Outgoing, padding: number, stop: AbortSignal): Promise<void> {
  wire.head(whole.status, headersOf(whole, Buffer.byteLength(whole.body) + padding))
  await wire.write(whole.body)
  for (let left = padding; left > 0; left -= blanks.length) {
    if (wire.gone.aborted || stop.aborted) return wire.cut()
    await wire.write(blanks.subarray(0, Math.min(left, blanks.length)))
  }
  wire.end()
}

/** Resolves when the caller disconnects or the fault is cancelled. */
function held(wire: Wire, stop: AbortSignal): Promise<void> {
  const end = AbortSignal.any([wire.gone, stop])
  if (end.aborted) return Promise.resolve()
  return new Promise((resolve) => end.addEventListener('abort', () => resolve(), { once: true }))
}

function half(body: string | Buffer<ArrayBuffer>): string | Buffer<ArrayBuffer> {
  const middle = Math.floor(body.length / 2)
  return typeof body === 'string' ? body.slice(0, middle) : body.subarray(0, middle)
}

function headersOf(whole: Outgoing, length: number): (readonly [string, string])[] {
  return Object.entries({ 'Content-Length': String(length), ...whole.headers })
}
