import { companySituations } from './companies.ts'
import { contactSituations } from './contacts.ts'
import { contentSituations } from './content.ts'
import { conversationSituations } from './conversations.ts'
import { openDesk, type Reply } from './desk.ts'
import { keysOf } from './keys.ts'
import { knowledgeSituations } from './knowledge.ts'
import { messageSituations } from './messages.ts'
import { type OfficialExample, officialExamples } from './official.ts'
import { settingSituations } from './settings.ts'
import { always, fresh, type Situation, type Situations } from './situation.ts'
import { ticketSituations } from './tickets.ts'
import { visitorSituations } from './visitors.ts'

const NOT_EMULATED = 'not_emulated'

/** How the workspace's answer differs from an example. Nothing in it: they match. */
export interface Verdict {
  readonly name: string
  /** Why there is no answer to compare: no situation is written for the example, or it could not be made. */
  readonly missing?: string
  /** The workspace does not have the operation yet, or one that its situation needs. */
  readonly pending?: true
  /** Ours, when it is another. */
  readonly status?: number
  /** Paths of keys that only our answer has. */
  readonly more: readonly string[]
  /** Paths of keys that only the example has. */
  readonly less: readonly string[]
}

/** Every situation, by the name of its example. Those of a 401 or 403 need none. */
export const situations: Situations = {
  ...contactSituations,
  ...companySituations,
  ...conversationSituations,
  ...messageSituations,
  ...ticketSituations,
  ...visitorSituations,
  ...settingSituations,
  ...knowledgeSituations,
  ...contentSituations,
}

/** Asks the workspace for every example of the description in `file`. */
export async function compareExamples(file: string): Promise<Verdict[]> {
  const verdicts: Verdict[] = []
  for (const example of await officialExamples(file)) verdicts.push(await compare(example))
  return verdicts
}

/** True when status and keys are the example's. */
export function matches({ missing, status, more, less }: Verdict): boolean {
  return missing === undefined && status === undefined && more.length === 0 && less.length === 0
}

async function compare(example: OfficialExample): Promise<Verdict> {
  const { name, status, value } = example
  const reply = await answerTo(example)
  if (reply instanceof Error) {
    const pending = reply.message.includes(NOT_EMULATED) ? { pending: true as const } : {}
    return { name, missing: reply.message, ...pending, more: [], less: [] }
  }
  const [ours, theirs] = [keysOf(reply.body), keysOf(value)]
  return {
    name,
    ...(JSON.stringify(reply.body ?? '').includes(NOT_EMULATED) ? { pending: true as const } : {}),
    ...(reply.status === status ? {} : { status: reply.status }),
    more: [...ours].filter((key) => !theirs.has(key)),
    less: [...theirs].filter((key) => !ours.has(key)),
  }
}

/** The answer, or why there is none. */
async function answerTo({ name, operation, status }: OfficialExample): Promise<Reply | Error> {
  const [method = '', template = ''] = operation.split(' ')
  const anyone = SITUATIONS_OF_STATUSES[status]
  const situation = anyone ? anyone(method, template) : situations[name]
  if (!situation) return new Error('no situation is written for it')
  const isStranger = status === 401 // who sees and changes nothing, so that all have one desk
  if (isStranger) strangersDesk ??= openDesk()
  const desk = await (isStranger && strangersDesk ? strangersDesk : openDesk(situation.seed))
  try {
    return await desk.send(method, await situation.prepare(desk), isStranger ? 'nonsense' : undefined)
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  } finally {
    if (!isStranger) await desk.workspace.close()
  }
}

let strangersDesk: ReturnType<typeof openDesk> | undefined

/** Errors that any request meets: the token is nobody's, or the subscription has ended. */
const SITUATIONS_OF_STATUSES: Readonly<Record<number, (method: string, template: string) => Situation>> = {
  401: (method, template) => always(anyPath(template), anyBody(method)),
  403: (method, template) =>
    fresh(async ({ workspace }) => {
      workspace.control.addFault({ kind: 'status', status: 403 })
      return { path: anyPath(template), body: anyBody(method) }
    }),
}

function anyPath(template: string): string {
  return template.replaceAll(/\{[^}]+\}/g, '1')
}

function anyBody(method: string): object | undefined {
  return method === 'GET' ? undefined : {}
}
