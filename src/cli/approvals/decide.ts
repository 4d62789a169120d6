import type { Approval, ApprovalStore, Decision } from '../../approvals/index.ts'
import { IntercomError, sentences } from '../../errors.ts'
import { printJson, say } from '../command.ts'
import { parseJson, textIn, UsageError } from '../flags.ts'
import { stdinText } from '../stdin.ts'
import { cardOf } from './card.ts'
import { refused, shownOf, type Values, withChosen } from './chosen.ts'
import { madeOrAwaited, ownClients } from './outcome.ts'
import { isMeant, whoami } from './terminal.ts'

/** Approves what was seen, and sends it if this process can. */
export async function approve(values: Values, id: string | undefined): Promise<number> {
  return await withChosen(values, id, async (store, chosen) => {
    const [only] = chosen
    if (id !== undefined && only !== undefined) return await approveOne(store, only, values)
    const question = `Approve all ${chosen.length}?`
    if (!(await isMeant(question, await shownOf(chosen, values, id), textIn(values['fingerprint']))))
      return refused('not approved; they still wait')
    return many(chosen, await decideOn(store, chosen, { approve: true }))
  })
}

/** Approves another text than the caller gave. */
export async function edit(values: Values, id: string | undefined): Promise<number> {
  if ((values['text'] === undefined) === (values['input'] === undefined))
    throw new UsageError('approvals edit needs --text or --input')
  return await withChosen(values, id, async (store, [approval]) => {
    if (approval === undefined) throw new UsageError('approvals edit needs the id of an approval')
    return await approveOne(store, approval, values, await changesIn(values, approval))
  })
}

/** Nothing is sent; the caller is told the reason. */
export async function decline(values: Values, id: string | undefined): Promise<number> {
  return await withChosen(values, id, async (store, chosen) => {
    const result = await decideOn(store, chosen, { decline: textIn(values['reason']) ?? null })
    if (id === undefined) return many(chosen, result)
    const [declined] = result.decided
    if (declined === undefined) return refused(result.problem, id)
    printJson({ success: true, error: null, id, state: declined.state })
    say('Declined. Nothing is sent; the caller is told when it calls again.')
    return 0
  })
}

async function approveOne(
  store: ApprovalStore,
  approval: Approval,
  values: Values,
  edited?: object,
): Promise<number> {
  const { id, state, input } = approval
  const own = await ownClients(values) // what is wrong with it is said before anything is decided
  try {
    const shown = await shownOf([approval], values, id)
    const text = cardOf(
      edited === undefined ? approval : { ...approval, edited: { ...Object(input), ...edited } },
    )
    const question = edited === undefined ? 'Approve this?' : 'Approve it with this text?'
    const isOpen = state === 'waiting'
    if (isOpen && !(await isMeant(question, { ...shown, text }, textIn(values['fingerprint']))))
      return refused('not approved; it still waits', id)
    const { decided, problem } = await decideOn(store, [approval], { approve: true, edited })
    const [approved] = decided
    if (approved === undefined) return refused(problem, id)
    const seconds = values['wait'] as number | undefined // its flag's type
    return await ended(await madeOrAwaited(store, approved, own, seconds ?? 0), seconds)
  } finally {
    await own.close()
  }
}

/** What a person wants changed. */
async function changesIn(values: Values, { preview }: Approval): Promise<object> {
  if (values['input'] !== undefined) {
    const given = parseJson('--input', String(values['input']))
    if (typeof given === 'object' && given !== null && !Array.isArray(given)) return given
    throw new UsageError('--input takes a JSON object of the parameters to change')
  }
  const parameter = preview?.textParameter ?? null
  if (parameter === null)
    throw new UsageError('nothing of this call can be edited: approve it, or decline it')
  return { [parameter]: values['text'] === '-' ? await stdinText() : String(values['text']) }
}

/** Decides on each. Those that somebody else has decided on, or that have lapsed, stay as they are: `problem`. */
async function decideOn(
  store: ApprovalStore,
  chosen: readonly Approval[],
  decision: Decision,
): Promise<{ decided: Approval[]; problem: string }> {
  const decided: Approval[] = []
  let problem = ''
  for (const { id } of chosen) {
    try {
      decided.push(await store.decide(id, decision, whoami(), 'cli'))
    } catch (error) {
      if (!(error instanceof IntercomError)) throw error
      if (error.code !== 'already_decided' && error.code !== 'approval_lapsed') throw error
      problem = sentences(error.message, error.hint)
    }
  }
  return { decided, problem }
}

function many(
  chosen: readonly Approval[],
  { decided, problem }: { decided: Approval[]; problem: string },
): number {
  const left = chosen.length - decided.length
  const error = left === 0 ? null : sentences(`${left} were not decided on`, problem)
  printJson({ success: left === 0, error, decided: decided.map(({ id, state }) => ({ id, state })) })
  if (decided[0]?.state === 'approved')
    say('Approved. The process that asked sends them; if it is a job, run it again within an hour.')
  if (error !== null) say(`${error}.`)
  return left === 0 ? 0 : 1
}

/** `seconds`: how long it was waited for, where somebody asked to wait. */
async function ended(approval: Approval, seconds: number | undefined): Promise<number> {
  const { noteOf } = await import('../../approvals/index.ts')
  const { id, state, decided_by, outcome } = approval
  const isOpen = state === 'approved'
  const late = seconds === undefined ? null : `it was approved, and nobody has sent it within ${seconds} s`
  const problem = isOpen ? late : 'it was not sent in time'
  const { success, error } = outcome?.output ?? { success: problem === null, error: problem }
  printJson({ success, error, id, state, decided_by, outcome: outcome?.output ?? null })
  if (outcome !== null) say(success ? `Done. ${noteOf(approval)}` : String(error))
  else if (isOpen)
    say(
      'Approved. The process that asked sends it, if it runs within an hour. With its token in INTERCOM_ACCESS_TOKEN, or its workspace connected, this command sends by itself.',
    )
  if (outcome === null && error !== null) say(`${error}.`)
  return success ? 0 : 1
}
