import type { Approval, ApprovalState, ApprovalStore } from '../../approvals/index.ts'
import { printJson, say } from '../command.ts'
import { textIn, UsageError } from '../flags.ts'
import { cardOf, lineOf } from './card.ts'
import { filesOf, openedApprovals } from './file.ts'
import { manyShown } from './many.ts'
import { fingerprintOf, type Shown } from './terminal.ts'

export type Values = Record<string, unknown>

const states: readonly ApprovalState[] = ['waiting', 'approved', 'declined', 'lapsed', 'done']
/** Most that are listed, or decided on at once: as many as one caller may keep waiting. */
const most = 1000

/** What is in the file, the newest first, without what would be sent. */
export async function list(values: Values, id: string | undefined): Promise<number> {
  if (id !== undefined) throw new UsageError(`approvals list takes no id; write approvals show ${id}`)
  const given = textIn(values['state']) ?? 'waiting'
  const state = states.find((one) => one === given)
  if (state === undefined && given !== 'all')
    throw new UsageError(`--state takes ${states.join(', ')} or all`)
  const store = await openedApprovals(values)
  try {
    const found = (await store?.list({ state, caller: textIn(values['caller']), limit: most })) ?? []
    const approvals = found.map(({ input: _, preview: __, edited: ___, outcome, ...approval }) => ({
      ...approval,
      success: outcome?.output.success ?? null,
    }))
    printJson({ file: (await filesOf(values)).file, approvals })
    for (const approval of found) say(lineOf(approval))
    if (found.length === 0) say(given === 'waiting' ? 'Nothing waits.' : 'There are none.')
    return 0
  } finally {
    store?.close()
  }
}

/** All that would be sent, and the fingerprint that stands for having seen it. */
export async function show(values: Values, id: string | undefined): Promise<number> {
  return await withChosen(values, id, async (_, chosen) => {
    const { text, fingerprint } = await shownOf(chosen, values, id)
    printJson(id === undefined ? { fingerprint, approvals: chosen } : { ...chosen[0], fingerprint })
    say(text)
    if (chosen.some(({ state }) => state === 'waiting')) say(`\nFingerprint: ${fingerprint}`)
    return 0
  })
}

/** Acts on the approval of the id, or on all that wait of a caller. */
export async function withChosen(
  values: Values,
  id: string | undefined,
  act: (store: ApprovalStore, chosen: Approval[]) => Promise<number>,
): Promise<number> {
  const caller = textIn(values['caller'])
  const isAll = values['all'] === true
  if (isAll !== (caller !== undefined)) throw new UsageError('--all and --caller go together')
  if (isAll === (id !== undefined)) throw new UsageError('give the id of an approval, or --all and --caller')
  const store = await openedApprovals(values)
  if (store === null) throw new UsageError(`nothing was ever held in ${(await filesOf(values)).file}`)
  try {
    if (id === undefined) {
      const waiting = await store.list({ state: 'waiting', caller, limit: most })
      if (waiting.length === 0) return refused(`nothing of the caller ${JSON.stringify(caller)} waits`)
      return await act(store, waiting)
    }
    const approval = await store.get(id)
    if (approval === null) throw new UsageError(`there is no approval ${JSON.stringify(id)} in ${store.file}`)
    return await act(store, [approval])
  } finally {
    store.close()
  }
}

/** Nothing came of it; the exit code. */
export function refused(error: string, id?: string): number {
  printJson({ success: false, error, ...(id === undefined ? {} : { id }) })
  say(`${error}.`)
  return 1
}

/** What a person has to see of them, and the command that shows it. */
export async function shownOf(
  chosen: readonly Approval[],
  values: Values,
  id: string | undefined,
): Promise<Shown> {
  const file = textIn(values['approvals'])
  const what = id ?? `--all --caller ${textIn(values['caller'])}`
  const command = `modulex-intercom approvals show ${what}${file === undefined ? '' : ` --approvals ${file}`}`
  const text = id === undefined ? manyShown(chosen, cardOf) : chosen.map(cardOf).join('\n\n')
  return { text, fingerprint: await fingerprintOf(chosen), command }
}
