import type { Connection } from '../client/client.ts'
import { IntercomError } from '../errors.ts'
import type { Left, Step, StepJournal } from './journal.ts'
import type { Result } from './run.ts'

const renewEveryMs = 1000
const firstPollMs = 50
const longestPollMs = 1000

/** A step of the journal while its call runs. */
export type Entry = {
  left: Left | null
  /** Right before a request leaves; rejects when the step belongs to another run by now. */
  begin(): Promise<void>
  unclear(): Promise<void>
  claim(item: string): Promise<boolean>
}

/** A call that writes, under the caller's id or a random one. */
export type Intended = { id: string; action: string; input: unknown }

/**
 * Runs a call under an intent id. The first call of an id runs and its outcome is kept, unless repeating it is
 * safe; later ones with the same input get that outcome; one that comes meanwhile waits.
 */
export async function underIntent(
  journal: StepJournal,
  { id, action, input }: Intended,
  connection: Pick<Connection, 'wait'>,
  run: (entry: Entry) => Promise<Result & { wrote: boolean }>,
): Promise<Result> {
  const owner = crypto.randomUUID()
  const step = { id, action, input_hash: await hashOf([action, input]) }
  const left = await taken(journal, step, owner, connection)
  if (typeof left === 'string') return JSON.parse(left) as Result // written below
  const alive = setInterval(() => void journal.renew(id, owner).catch(() => {}), renewEveryMs)
  let record: string | null = null
  try {
    const { output, failure, wrote } = await run(entryOf(journal, step, owner, left))
    const final = failure === null || (wrote && failure.outcome === 'rejected' && !failure.retryable)
    if (final) record = JSON.stringify({ output, failure })
    return { output, failure }
  } finally {
    clearInterval(alive)
    await journal.finish(id, owner, record).catch(() => {}) // the next run of the id reads before it sends
  }
}

/** SHA-256 of a value's JSON, whatever the order of its keys. */
async function hashOf(value: unknown): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify(value, sortedKeys))
  return Buffer.from(await crypto.subtle.digest('SHA-256', bytes)).toString('hex')
}

function sortedKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
}

function entryOf(journal: StepJournal, { id }: Step, owner: string, left: Left | null): Entry {
  return {
    left,
    begin: async () => {
      if (await journal.begin(id, owner, Date.now())) return
      throw new IntercomError('another run has taken over this intent', {
        code: 'intent_taken_over',
        retryable: true,
        hint: 'Nothing was sent by this one.',
      })
    },
    // Intercom has been asked already: a journal that fails now must not change what is reported.
    unclear: () => journal.unclear(id, owner).catch(() => {}),
    claim: (item) => journal.claim(item, id).catch(() => true),
  }
}

/** The record of a finished step, or what an earlier run left. Waits while another one runs. */
async function taken(
  journal: StepJournal,
  step: Step,
  owner: string,
  { wait }: Pick<Connection, 'wait'>,
): Promise<string | Left | null> {
  for (let pause = firstPollMs; ; pause = Math.min(longestPollMs, pause * 2)) {
    const answer = await journal.take(step, owner)
    if (answer.state === 'mine') return answer.left
    if (answer.state === 'finished') return answer.record
    if (answer.state === 'other_input') {
      throw new IntercomError('this intent id was used with another action or input', {
        code: 'intent_mismatch',
        hint: 'Nothing was sent. Use a new intent id for a new intent.',
      })
    }
    await wait(pause, 'same_intent')
  }
}
