// docs/workspace-coverage.md: which operations of Intercom's description the workspace has, asked of the
// workspace itself, and how many of the description's examples it repeats.

import { readDescription } from '../test/openapi-validator/openapi.ts'
import { routesOf } from '../test/openapi-validator/operations.ts'
import { compareExamples, matches } from '../test/workspace/examples/compare.ts'
import { openDesk } from '../test/workspace/examples/desk.ts'
import { MISMATCHES } from '../test/workspace/examples/mismatches.ts'
import { isMeantToBeEmulated } from '../test/workspace/examples/official.ts'
import { versionsPart } from './coverage-versions.ts'

interface Operation {
  readonly name: string
  readonly family: string
  readonly isMeant: boolean
  readonly isCovered: boolean
}

/** The page, for the description in `file`. */
export async function coveragePage(file: string): Promise<string> {
  const operations = await probe(file)
  const ours = operations.filter(({ isMeant }) => isMeant)
  const covered = (some: readonly Operation[]) => some.filter(({ isCovered }) => isCovered).length
  const families = [...new Set(operations.map(({ family }) => family))].map((family) => {
    const members = operations.filter((operation) => operation.family === family)
    return { family, members, count: covered(members) }
  })
  return `# What the local Intercom covers

Made by \`npm run generate\` with \`INTERCOM_OPENAPI\` set: every operation of Intercom's description of 2.12 is
sent to a workspace, and one that answers other than 501 \`not_emulated\` is covered.

**${covered(ours)} of ${ours.length} operations** in the families that the workspace emulates,
${covered(operations)} of ${operations.length} in the whole description.

| family | covered | of |
|---|---|---|
${families.map(({ family, members, count }) => `| ${family} | ${count} | ${members.length} |`).join('\n')}

## Operations

${families
  .filter(({ count }) => count > 0)
  .map(({ family, members }) => `### ${family}\n\n${members.map(line).join('\n')}`)
  .join('\n\n')}

Nothing of: ${families
    .filter(({ count }) => count === 0)
    .map(({ family }) => family)
    .join(', ')}.

## Versions

${await versionsPart()}

## Official examples

${await examples(file)}
`
}

function line({ name, isCovered }: Operation): string {
  return `- [${isCovered ? 'x' : ' '}] \`${name}\``
}

async function probe(file: string): Promise<Operation[]> {
  const desk = await openDesk()
  const operations: Operation[] = []
  for (const { name, method, template, operation } of routesOf(await readDescription(file))) {
    const path = template.replaceAll(/\{[^}]+\}/g, '0')
    const { status } = await desk.send(method, { path, ...(method === 'GET' ? {} : { body: {} }) })
    const family = operation.tags?.[0] ?? 'Other'
    operations.push({
      name,
      family,
      isMeant: isMeantToBeEmulated(name),
      isCovered: status !== 501,
    })
  }
  await desk.workspace.close()
  return operations.sort(
    (a, b) => compare(a.family, b.family) || compare(pathFirst(a.name), pathFirst(b.name)),
  )
}

function pathFirst(name: string): string {
  const [method = '', path = ''] = name.split(' ')
  return `${path} ${method}`
}

/** By code unit, so that every machine writes the same page. */
function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other)
}

async function examples(file: string): Promise<string> {
  const verdicts = await compareExamples(file)
  const pending = verdicts.filter(({ pending }) => pending).length
  const rows = MISMATCHES.map(({ section, reason, examples, more = [], less = [], unreachable }) => {
    const keys = [...more.map((key) => `+${key}`), ...less.map((key) => `−${key}`)].map((key) => `\`${key}\``)
    const what = unreachable ? 'cannot be asked for' : keys.join(' ')
    return `| ${examples.map((name) => `\`${name}\``).join('<br>')} | ${what} | ${reason} | ${section} |`
  })
  return `For each example of an answer in these families the workspace is brought into the same situation and sent the
same request. **${verdicts.filter(matches).length} of ${verdicts.length}** answers have the example's status and its set of keys.${
    pending === 0 ? '' : ` ${pending} wait for operations that are not there yet.`
  }
The others, with the section of [docs/intercom-api.md](intercom-api.md) that gives the reason (+ only ours has the key, − only the example):

| example | keys | reason | section |
|---|---|---|---|
${rows.join('\n')}`
}
