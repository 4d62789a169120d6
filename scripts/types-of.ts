// Asks TypeScript for the types that action-types.ts names, so that what is generated says what the compiler knows.
import { fileURLToPath } from 'node:url'
import { API, type Checker, NodeBuilderFlags, SymbolFlags, type Type } from 'typescript/unstable/sync'

const home = fileURLToPath(new URL('.', import.meta.url))
const asWritten = NodeBuilderFlags.NoTruncation | NodeBuilderFlags.UseSingleQuotesForStringLiteralType

/** A property as an editor shows it. */
export type Property = { name: string; optional: boolean; type: Type; text: string; description: string }

/** The types of all actions, by name: of `Inputs`, `Results` and `Defaults`. */
export type ActionTypes = Record<'Inputs' | 'Results' | 'Defaults', Map<string, Type>> & {
  checker: Checker
  /** In the order they are written in. */
  properties(type: Type): Property[]
}

/** Runs `use` while TypeScript answers. */
export function withActionTypes<Result>(use: (types: ActionTypes) => Result): Result {
  const api = new API({ cwd: home })
  try {
    const config = `${home}action-types.tsconfig.json`
    const project = api.updateSnapshot({ openProjects: [config] }).getProject(config)
    const file = project?.program.getSourceFile(`${home}action-types.ts`)
    const module = file && project?.checker.getSymbolAtLocation(file)
    if (project === undefined || module === undefined)
      throw new Error('TypeScript does not find action-types.ts')
    const { checker } = project
    const properties = (type: Type): Property[] =>
      checker.getPropertiesOfType(type).map((symbol) => {
        const own = checker.getTypeOfSymbol(symbol)
        if (own === undefined) throw new Error(`${symbol.name} has no type`)
        return {
          name: symbol.name,
          optional: (symbol.flags & SymbolFlags.Optional) !== 0,
          type: own,
          text: checker.typeToString(own, undefined, asWritten),
          description: symbol.getDocumentationComment(checker),
        }
      })
    const byAction = (name: string) => {
      const symbol = checker.getMemberInModuleExports(module, name)
      if (symbol === undefined) throw new Error(`action-types.ts exports no ${name}`)
      const members = properties(checker.getDeclaredTypeOfSymbol(symbol))
      return new Map(members.map((member) => [member.name, member.type]))
    }
    return use({
      checker,
      properties,
      Inputs: byAction('Inputs'),
      Results: byAction('Results'),
      Defaults: byAction('Defaults'),
    })
  } finally {
    api.close()
  }
}
