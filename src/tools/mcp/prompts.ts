import {
  type GetPromptResult,
  type Prompt,
  ProtocolError,
  ProtocolErrorCode,
} from '@modelcontextprotocol/server'
import type { Tool } from '../policy.ts'
import { jobs } from './prompt-texts.ts'

type Tools = ReadonlyMap<string, Tool>

/** The jobs whose tools are all offered, as prompts. */
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

function offered(tools: Tools) {
  return jobs.filter((job) => job.tools.every((name) => tools.has(name)))
}
