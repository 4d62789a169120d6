import {
  type GetPromptResult,
  type Prompt,
  ProtocolError,
  ProtocolErrorCode,
} from '@modelcontextprotocol/server'
import type { Tool } from '../policy.ts'

/** What an argument may name by its id, and a client can complete. */
export type Listed = 'teammate' | 'team' | 'tag'

/** A daily job, as a text that tells a model how to do it with the actions. */
type Job = {
  name: string
  title: string
  description: string
  /** The actions it needs. */
  tools: string[]
  arguments: Record<string, { description: string; required: boolean; names?: Listed[] }>
  text(given: Record<string, string>): string
}

type Tools = ReadonlyMap<string, Tool>

/** `prompts/list`: the jobs whose tools are all offered. */
export function promptsFor(tools: Tools): Prompt[] {
  return offered(tools).map(({ name, title, description, arguments: args }) => ({
    name,
    title,
    description,
    arguments: Object.entries(args).map(([argument, { description, required }]) => ({
      name: argument,
      description,
      required,
    })),
  }))
}

/** `prompts/get`. */
export function getPrompt(
  tools: Tools,
  { name, arguments: given = {} }: { name: string; arguments?: Record<string, string> | undefined },
): GetPromptResult {
  const job = offered(tools).find((one) => one.name === name)
  const wrong = (message: string) => new ProtocolError(ProtocolErrorCode.InvalidParams, message)
  if (job === undefined) throw wrong(`Unknown prompt: ${JSON.stringify(name)}`)
  const missing = Object.keys(job.arguments).find(
    (argument) => job.arguments[argument]?.required && !given[argument]?.trim(),
  )
  if (missing !== undefined) throw wrong(`${name} needs ${missing}`)
  const text = job.text(given)
  return { description: job.description, messages: [{ role: 'user', content: { type: 'text', text } }] }
}

/** What a client can complete an argument with; `null` where there is no such prompt or argument. */
export function completedBy(tools: Tools, prompt: string, argument: string): Listed[] | null {
  const { arguments: all = {} } = offered(tools).find(({ name }) => name === prompt) ?? {}
  return Object.hasOwn(all, argument) ? (all[argument]?.names ?? []) : null
}

/** The id of a value that a client has completed: `12 (Ada)`. */
function idIn(given: string): string {
  return /^(\w+) \(.*\)$/s.exec(given.trim())?.[1] ?? given
}

function offered(tools: Tools) {
  return jobs.filter((job) => job.tools.every((name) => tools.has(name)))
}

/** None of them sends anything by itself. */
const jobs: Job[] = [
  {
    name: 'triage_inbox',
    title: 'Triage the inbox',
    description: 'Sort the open conversations by how long they have waited and what the customer needs.',
    tools: ['search_conversations', 'get_conversation'],
    arguments: {
      team: {
        description: 'Only conversations of this team or teammate, by id',
        required: false,
        names: ['team', 'teammate'],
      },
      tag: { description: 'Only conversations with this tag, by id', required: false, names: ['tag'] },
    },
    text: ({ team, tag }) =>
      `Triage our Intercom inbox. Use search_conversations for open conversations (query_field "state", query_operator "=", query_value "open")${team ? `, and of those only the ones assigned to ${JSON.stringify(idIn(team))}` : ''}${tag ? `, with the tag ${JSON.stringify(idIn(tag))} (field "tag_ids")` : ''}. Follow the cursor until you have all of them or 100. Read with get_conversation those whose subject is not clear from the first message. Then give a table: conversation id, customer, waiting since, subject in one line, urgency (high, normal, low) with the reason, and what to do next. Do not reply, tag or change anything.`,
  },
  {
    name: 'draft_reply',
    title: 'Draft a reply',
    description: 'Read a conversation and draft an answer for a teammate to check.',
    tools: ['get_conversation', 'get_contact'],
    arguments: {
      conversation_id: { description: 'The id of the conversation', required: true },
      points: { description: 'What the answer should say', required: false },
    },
    text: ({ conversation_id = '', points }) =>
      `Draft a reply in Intercom conversation ${JSON.stringify(conversation_id)}. Read it with get_conversation, and the customer with get_contact where it helps.${points ? ` The reply should say: ${JSON.stringify(points)}.` : ''} Answer what the customer asked last, in their language, in the tone of our earlier replies; promise nothing that is not in the conversation. Show me the draft. Do not send it: I will say so when it may be sent.`,
  },
  {
    name: 'customer_history',
    title: "Find a customer's history",
    description: 'Who a customer is, and everything they have written about.',
    tools: ['search_contacts', 'search_conversations', 'get_conversation'],
    arguments: {
      customer: { description: 'Name, e-mail address, external id or Intercom id', required: true },
    },
    text: ({ customer = '' }) =>
      `Find the customer ${JSON.stringify(customer)} in Intercom and tell me their history. Find them with search_contacts (by email, external_id, or name with the operator ~); if several fit, show them and ask which one. Then find their conversations with search_conversations (query_field "contact_ids", query_operator "=", query_value their id), newest first, and read those that matter with get_conversation. Give: who they are, since when, open issues, past issues with dates and how they ended, anything promised to them. Change nothing.`,
  },
]
