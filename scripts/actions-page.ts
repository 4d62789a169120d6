// docs/actions.md: every action by toolset, with what its tool costs a model.
import { encode } from 'gpt-tokenizer/encoding/o200k_base'
import { actionNamed, toolsetOf } from '../src/actions/toolsets.ts'
import type { Description } from '../src/index.ts'

/** The page, from all actions in their order. */
export function actionsPage(descriptions: readonly Description[]): string {
  const sets = Map.groupBy(descriptions, ({ name }) => toolsetOf({ name }) ?? 'always')
  return `# All actions

Written by \`npm run generate\`. The thirteen are always there; a toolset is added by \`toolsets: ['desk']\`, \`--toolsets desk\`, or \`all\` ([toolsets](toolsets.md)). Tokens are those of a tool's name, description and input schema as JSON, in o200k.

${[...sets].map(([set, all]) => sectionOf(set, all)).join('\n\n')}
`
}

function sectionOf(set: string, all: readonly Description[]): string {
  const rows = all.map((one) => {
    const { name, effect } = one
    const traits = actionNamed(name)?.destructive ? `${effect}, destructive` : effect
    return `| \`${name}\` | ${traits} | ${parametersIn(one)} | ${tokensOf(one)} | ${firstSentence(one)} |`
  })
  const sum = all.reduce((tokens, one) => tokens + tokensOf(one), 0)
  return [
    `## ${set === 'always' ? 'The thirteen' : `\`${set}\``}`,
    '',
    `${all.length} actions, ${sum} tokens.`,
    '',
    '| action | effect | parameters (**required**) | tokens | what it does |',
    '|---|---|---|---|---|',
    ...rows,
  ].join('\n')
}

/** The names of the parameters, those that are required in bold. */
export function parametersIn({ parameters }: Description): string {
  const names = Object.entries(parameters).map(([key, { required }]) => (required ? `**${key}**` : key))
  return names.join(', ')
}

export function firstSentence({ description }: Description): string {
  return /^.*?\.(?= |$)/.exec(description)?.[0] ?? description
}

function tokensOf({ name, description, input_schema }: Description): number {
  return encode(JSON.stringify({ name, description, input_schema })).length
}
