import { createHmac } from 'node:crypto'
import { isLoopback } from '../../client/credentials.ts'
import { fetch } from '../../client/fetch.ts'
import { invalidInput } from '../../errors.ts'

/** What a chat tool is told: that something waits, and where. Nothing of it was written by a customer. */
export type Notice = {
  id: string
  action: string
  title: string
  caller: string
  /** The page where it is decided; `null` where there is none. */
  url: string | null
  created_at: number
  expires_at: number
}

/** Sends notices, in its own time: no call waits for one. */
export type Notifier = { notify(notice: Notice): void; close(): Promise<void> }

/** Pauses before each attempt, ms. */
const pauses = [0, 2000, 15_000, 120_000]
/** How long the receiver may take to answer, ms. */
const answerMs = 10_000
/** Notices that wait to be sent; more are not sent. */
const mostWaiting = 1000
const mostAtOnce = 4

export type NotifierOptions = {
  url: string
  secret: string
  /** Is told what could not be delivered, in a sentence. */
  onFailure(sentence: string): void
  pauses?: readonly number[]
}

/**
 * POSTs each notice as JSON with `X-Signature: sha256=HMAC`, of the body's bytes under the secret. Redirects are not
 * followed, and anything but 2xx is tried again a few times. Throws an `IntercomError` for a URL that is neither https
 * nor on this machine.
 */
export function notifierTo(options: NotifierOptions): Notifier {
  const { url, secret, onFailure } = options
  const waits = options.pauses ?? pauses
  checkUrl(url)
  const closing = new AbortController()
  const queue: (() => Promise<void>)[] = []
  const running = new Set<Promise<void>>()
  let open = 0

  async function post(notice: Notice): Promise<string | null> {
    const body = JSON.stringify(notice)
    const signature = createHmac('sha256', secret).update(body).digest('hex')
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: {
          'Content-Type': 'application/json',
          'Idempotency-Key': notice.id,
          'X-Signature': `sha256=${signature}`,
        },
        body,
        redirect: 'manual',
        signal: AbortSignal.any([closing.signal, AbortSignal.timeout(answerMs)]),
      })
      await response.body?.cancel()
      return response.ok ? null : `it answered ${response.status}`
    } catch {
      return 'it could not be reached' // an error of fetch can quote the URL, which may hold a secret
    }
  }

  /** The attempts of one notice; a pause takes no place. */
  function attempt(notice: Notice, number: number): void {
    const act = async () => {
      const problem = await post(notice)
      const isLast = number + 1 >= waits.length
      if (problem === null || closing.signal.aborted) open -= 1
      else if (!isLast) attempt(notice, number + 1)
      else {
        open -= 1
        onFailure(`The notification of ${notice.id} was not taken: ${problem}.`)
      }
    }
    const enqueue = () => {
      queue.push(act)
      next()
    }
    const wait = waits[number] ?? 0
    if (wait === 0) enqueue()
    else setTimeout(enqueue, wait).unref()
  }

  function next(): void {
    if (closing.signal.aborted) queue.length = 0
    while (running.size < mostAtOnce) {
      const act = queue.shift()
      if (act === undefined) return
      const done = act().finally(() => {
        running.delete(done)
        next()
      })
      running.add(done)
    }
  }

  return {
    notify(notice) {
      if (closing.signal.aborted) return
      if (open >= mostWaiting)
        return onFailure(`The notification of ${notice.id} was left out: too many wait.`)
      open += 1
      attempt(notice, 0)
    },
    async close() {
      closing.abort()
      queue.length = 0
      await Promise.all(running)
    },
  }
}

function checkUrl(given: string): void {
  const url = URL.parse(given)
  const secure = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname))
  if (url === null || !secure || !/^https?:\/\/[^/\\]/i.test(given))
    throw invalidInput('approvals.notify_url takes an https URL, or http on this machine')
  if (url.username !== '' || url.password !== '' || url.hash !== '')
    throw invalidInput('approvals.notify_url takes no user name, password or fragment')
}
