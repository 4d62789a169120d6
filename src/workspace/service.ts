import type { RequestLog } from './control/request-log.ts'
import { act } from './faults/act.ts'
import type { Fault } from './faults/fault.ts'
import type { FaultRules } from './faults/rules.ts'
import type { Wire } from './faults/wire.ts'
import type { Incoming, Outgoing } from './http/answer.ts'

/** Serves requests: Intercom's paths with faults and the request log, and the control API. */
export class Service {
  readonly rules: FaultRules
  readonly log: RequestLog
  readonly #intercom: (incoming: Incoming) => Outgoing
  readonly #control: (incoming: Incoming) => Outgoing
  #stop = new AbortController()
  #thrown: { readonly error: unknown } | undefined

  constructor(
    intercom: (incoming: Incoming) => Outgoing,
    control: (incoming: Incoming) => Outgoing,
    rules: FaultRules,
    log: RequestLog,
  ) {
    this.#intercom = intercom
    this.#control = control
    this.rules = rules
    this.log = log
  }

  /** The fault to inject into a request, decided before its body is read; never for the control API. */
  pick(method: string, target: string): Fault | undefined {
    return isControl(target) ? undefined : this.rules.pick(method, target)
  }

  answer(incoming: Incoming): Outgoing {
    if (isControl(incoming.target)) return this.#answerControl(incoming)
    return this.#answer(incoming, undefined)
  }

  /** Injects a fault into a request. */
  async inject(fault: Fault, incoming: Incoming, wire: Wire): Promise<void> {
    // What is never answered is logged when it arrives, the rest with its answer.
    let logged = unanswered.has(fault.kind)
    if (logged) this.log.add(incoming, undefined, 0, fault.kind)
    const answer = (asked: Incoming) => {
      logged = true
      return this.#answer(asked, fault.kind)
    }
    await act(fault, { incoming, wire, answer, stop: this.#stop.signal })
    if (!logged) this.log.add(incoming, undefined, 0, fault.kind)
  }

  /** Ends what faults still hold or have delayed. */
  release(): void {
    this.#stop.abort()
    this.#stop = new AbortController()
  }

  /** Called with the exception behind a 500 while the request is answered, for the log. */
  recordError(error: unknown): void {
    this.#thrown = { error }
  }

  #answer(incoming: Incoming, fault: string | undefined): Outgoing {
    const started = performance.now()
    this.#thrown = undefined
    const outgoing = this.#intercom(incoming)
    this.log.add(incoming, outgoing, performance.now() - started, fault, this.#thrown)
    return outgoing
  }

  /** Control requests are not logged, except for exceptions, without query and body, which may hold tokens. */
  #answerControl(incoming: Incoming): Outgoing {
    const started = performance.now()
    this.#thrown = undefined
    const outgoing = this.#control(incoming)
    if (this.#thrown !== undefined) {
      const { method, header, target } = incoming
      const bare = { method, header, target: target.split('?', 1)[0] ?? '', body: '' }
      this.log.add(bare, outgoing, performance.now() - started, undefined, this.#thrown)
    }
    return outgoing
  }
}

const unanswered: ReadonlySet<Fault['kind']> = new Set(['hang', 'reset', 'html'])

function isControl(target: string): boolean {
  return target.startsWith('/_workspace') && /^\/_workspace(?:[/?]|$)/.test(target)
}
