// src/methods.ts: what an editor shows of every action. Types come from the compiler, words from the actions.
import { readdirSync, readFileSync } from 'node:fs'
import type { Type } from 'typescript/unstable/sync'
import type { Description } from '../src/index.ts'
import type { ActionTypes, Property } from './types-of.ts'

const source = new URL('../src/', import.meta.url)

/** The text of src/methods.ts, before it is formatted. */
export function methodsFile(
  descriptions: Description[],
  types: ActionTypes,
  byToolset: Record<string, string[]>,
): string {
  const parts = descriptions.map((one) => ({ name: one.name, ...partOf(one, types) }))
  const further = Object.values(byToolset).flat()
  const methodsOf = (isIn: (name: string) => boolean) =>
    parts.flatMap(({ name, method }) => (isIn(name) ? [method] : [])).join('\n\n')
  const sets = Object.entries(byToolset).map(
    ([set, names]) => `${set}: { ${methodsOf((name) => names.includes(name))} }`,
  )
  const text = [
    ...parts.map(({ declarations }) => declarations),
    `/** Input, arguments and envelope of every action, by its name. */
     export interface Actions { ${parts.map(({ entry }) => entry).join('\n')} }`,
    `/** The name of an action that is always there. */
     export type DefaultActionName = ${parts.flatMap(({ name }) => (further.includes(name) ? [] : [`'${name}'`])).join(' | ')}`,
    `/** The actions that are always there, as functions. None throws or rejects. */
     export interface Methods { ${methodsOf((name) => !further.includes(name))} }`,
    `/** Those that a toolset adds. */
     export interface ToolsetMethods { ${sets.join('\n\n')} }`,
  ].join('\n\n')
  const all = `${suggestionsFor(text, types)}${text}`
  const body = descriptions.reduce((text, { name }) => inComments(text, name, camelCase(name)), all)
  return `// Written by \`npm run generate\` from src/actions: what an editor shows of every action.

    ${importsFor(body)}
    import type { Failed, Succeeded, Traced } from './core/envelope.ts'
    import type { CallOptions } from './intercom/options.ts'

    ${body}
  `
}

function partOf({ name, description, parameters }: Description, types: ActionTypes) {
  const method = camelCase(name)
  const Name = method.charAt(0).toUpperCase() + method.slice(1)
  const [input, result, defaults] = [types.Inputs, types.Results, types.Defaults].map((all) => all.get(name))
  if (!input || !result || !defaults) throw new Error(`${name} has no types`)
  const forms = formsOf(input).map((form) => types.properties(form))
  const documented = ({ name, optional, text }: Property) =>
    `${comment(parameters[name]?.description ?? '')}\n${name}${optional ? '?' : ''}: ${text}`
  const failed = types.properties(defaults).map((key) => ({
    ...key,
    text: formsOf(key.type).some((type) => types.checker.typeToString(type) === 'null') ? 'null' : key.text,
  }))
  const [first = []] = forms
  const args = `input${first.every(({ optional }) => optional) ? '?' : ''}: ${Name}Input, options?: CallOptions`
  return {
    declarations: `/** Input of \`${method}\`. */
      export type ${Name}Input = ${forms.map((form) => `{\n${form.map(documented).join('\n')} }`).join(' | ')}
      /** Envelope of \`${method}\`. */
      export type ${Name}Output = Succeeded<${written(types.properties(result))}> | Failed<${written(failed)}>`,
    entry: `${name}: { input: ${Name}Input; args: [${args}]; output: ${Name}Output }`,
    method: `${comment(`${description}\n\n@example\n${example(method, first, types.properties(result))}`)}
      ${method}(${args}): Promise<Traced<${Name}Output>>`,
  }
}

function camelCase(name: string): string {
  return name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())
}

/** Replaces a word where a comment's line holds it. */
function inComments(text: string, word: string, by: string): string {
  return text.replace(/^\s*(\/\*\*| \*) .*$/gm, (line) =>
    line.replaceAll(new RegExp(`\\b${word}\\b`, 'g'), by),
  )
}

function formsOf(type: Type): readonly Type[] {
  return type.isUnionType() ? type.getTypes() : [type]
}

function written(properties: Property[]): string {
  return `{ ${properties.map(({ name, text }) => `${name}: ${text}`).join('; ')} }`
}

/** A call with what it requires, and what it answers. */
function example(method: string, input: Property[], result: Property[]): string {
  const given = input
    .filter(({ optional }) => !optional)
    .map(({ name, text }) => (text.startsWith("'") ? `${name}: ${text}` : name))
  const argument = given.length === 0 ? '' : `{ ${given.join(', ')} }`
  const keys = result.map(({ name }) => name).join(', ')
  return `const answer = await intercom.${method}(${argument})\nif (!answer.success) throw new Error(answer.error)\nconst { ${keys} } = answer`
}

/** A comment whose prose is at most a line wide. */
function comment(text: string): string {
  const lines = text.split('\n').flatMap((line) => (/^(const|if) /.test(line) ? [line] : wrapped(line)))
  if (lines.length === 1) return `/** ${lines[0]} */`
  return `/**\n${lines.map((line) => ` * ${line}`.trimEnd()).join('\n')}\n */`
}

function wrapped(line: string): string[] {
  const lines = ['']
  for (const word of line.split(' ')) {
    const last = lines.at(-1) ?? ''
    if (last !== '' && last.length + word.length > 100) lines.push(word)
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`
  }
  return lines
}

/** The nouns that a text names, from where they are declared. */
function importsFor(text: string): string {
  return ['actions', 'actions/types']
    .flatMap((folder) => typesUsed(folder, text))
    .map(([file, names]) => `import type { ${names.join(', ')} } from './${file}'`)
    .join('\n')
}

/** What an editor offers for a search, written out. */
function suggestionsFor(text: string, { declared }: ActionTypes): string {
  return typesUsed('actions/search', text)
    .flatMap(([file, names]) => names.map((name) => ({ name, ...declared(new URL(file, source), name) })))
    .map(({ name, text, description }) => `${comment(description)}\nexport type ${name} = ${text}\n\n`)
    .join('')
}

/** The exported types of a folder that a text uses, by file. */
function typesUsed(folder: string, text: string): [file: string, names: string[]][] {
  return readdirSync(new URL(folder, source))
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .map((file): [string, string[]] => {
      const declared = readFileSync(new URL(`${folder}/${file}`, source), 'utf8').matchAll(
        /^export type (\w+)/gm,
      )
      const names = [...declared].map(([, name]) => String(name))
      return [`${folder}/${file}`, names.filter((name) => new RegExp(`[:|(] ?${name}\\b`).test(text)).sort()]
    })
    .filter(([, names]) => names.length > 0)
}
