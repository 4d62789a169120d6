import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { runBulk, type Sender, type Summary } from '../../src/bulk/index.ts'
import type { Failure } from '../../src/errors.ts'
import { actionOf } from './bulk-rows.ts'

type Called = Awaited<ReturnType<Sender['call']>>
/** What a test's Intercom answers to a row: nothing for a success. */
export type Answer = (input: Record<string, unknown>, times: number) => Partial<Failure> | undefined

/** A job in a folder of its own, over an Intercom that answers as told, and what it was asked. */
export function jobOf(t: TestContext, content: string, name = 'rows.csv') {
  const folder = mkdtempSync(join(tmpdir(), 'modulex-intercom-bulk-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, name)
  writeFileSync(file, content)
  const job = join(folder, 'job')
  const results = join(job, 'results.jsonl')
  /** The bodies that were sent, with the idempotency key each time. */
  const sent: { body: unknown; idempotencyKey: string | undefined }[] = []
  const workspace = { origin: 'http://localhost', app: 'one' }
  let underWay = 0
  let most = 0

  async function call(answer: Answer, input: unknown, idempotencyKey: string | undefined): Promise<Called> {
    const given = input as Record<string, unknown> // the rows of these tests are objects
    sent.push({ body: given['body'], idempotencyKey })
    underWay += 1
    most = Math.max(most, underWay)
    await new Promise((resolve) => setImmediate(resolve))
    underWay -= 1
    const times = sent.filter((one) => one.idempotencyKey === idempotencyKey).length
    const failure = answer(given, times)
    if (failure === undefined) {
      return { output: { success: true, error: null, result: {} }, failure: null, request_id: 'r' }
    }
    const whole = { code: 'x', status: 500, field: null, request_id: null, retryable: false, hint: null }
    return {
      output: { success: false, error: `it failed: ${failure.code ?? 'x'}` },
      failure: { ...whole, outcome: 'rejected', ...failure },
      request_id: null,
    }
  }

  return {
    file,
    job,
    results,
    sent,
    workspace,
    call,
    most: () => most,
    bodies: () => sent.map(({ body }) => body),
    lines: () => {
      const text = readFileSync(results, 'utf8')
      return text
        .split('\n')
        .slice(0, -1)
        .map((line): Record<string, unknown> => JSON.parse(line))
    },
    run(
      answer: Answer = () => undefined,
      more: Partial<Parameters<typeof runBulk>[0]> = {},
    ): Promise<Summary> {
      return runBulk({
        action: actionOf('reply_to_conversation'),
        input: { path: file },
        reading: {},
        folder: job,
        strict: false,
        concurrency: 64,
        signal: new AbortController().signal,
        connect: async () => ({
          workspace: { ...workspace },
          call: (input, idempotencyKey) => call(answer, input, idempotencyKey),
          close: async () => {},
        }),
        ...more,
      })
    },
  }
}

/** A CSV file of replies: each word is a conversation and what is said there, as in `1:Hello`. */
export function replies(...words: string[]): string {
  const rows = words.map((word) => {
    const [conversation = '', body = ''] = word.split(':')
    return `${conversation},admin,9,${body}`
  })
  return `conversation_id,reply_type,admin_id,body\n${rows.join('\n')}\n`
}

/** What is kept of such a file when its rows fail as `jobOf` says. */
export function failedReplies(...words: string[]): string {
  const [header, ...rows] = replies(...words)
    .trimEnd()
    .split('\n')
  return [`bulk_failure_reason,${header}`, ...rows.map((row) => `"it failed: x",${row}`), ''].join('\n')
}
