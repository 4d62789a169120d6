import { type Command, orUsageError, printable, printJsonLine, say } from '../command.ts'
import { textIn, UsageError } from '../flags.ts'

/** Lists what was written to a data file. */
export const workspaceChangesCommand: Command = {
  usage: 'FILE [flags]',
  flags: {
    since: {
      type: 'string',
      description: 'only what came after the change with this id, or since this date',
    },
    checkpoint: { type: 'string', description: 'only what came after this checkpoint and still holds' },
    entity: { type: 'string', description: 'such as contact, conversation_part or ticket' },
    entity_id: { type: 'string', description: 'the id of one of them' },
    json: { type: 'boolean', description: 'a line of JSON for each change instead of text' },
  },
  positionals: 1,
  examples: ['workspace changes desk.db', 'workspace changes desk.db --since 2026-11-01 --json'],
  async run(values, [file]) {
    if (file === undefined) throw new UsageError('workspace changes takes the data file of a workspace')
    const { readChanges } = await import('../../workspace/index.ts')
    const checkpoint = textIn(values['checkpoint'])
    const asked = { entity: textIn(values['entity']), entity_id: textIn(values['entity_id']), checkpoint }
    let since: number | Date | undefined = sinceOf(textIn(values['since']))
    if (since !== undefined && checkpoint !== undefined) throw new UsageError('give --since or --checkpoint')
    for (let first = true; ; first = false) {
      const hint = (reason: string) =>
        reason.includes('in use') ? `${reason} Ask it: GET /_workspace/changes with its admin key.` : reason
      const page = await orUsageError(
        async () => readChanges(file, { ...asked, since, limit: most }),
        undefined,
        hint,
      )
      if (first && page.changes.length === 0) say('No changes.')
      if (first && !page.complete) say(`${page.dropped} older writes are no longer kept.`)
      if (values['json'] === true) for (const change of page.changes) printJsonLine(change)
      else for (const line of page.lines) console.log(printable(line))
      if (!page.has_more) return 0
      since = page.next_since
    }
  },
}

const most = 10_000

function sinceOf(text: string | undefined): number | Date | undefined {
  if (text === undefined) return undefined
  if (/^\d+$/.test(text)) return Number(text)
  const date = new Date(text)
  if (Number.isNaN(date.getTime())) throw new UsageError('--since takes the id of a change or a date')
  return date
}
