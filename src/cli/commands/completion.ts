import { catalogue } from '../../actions/toolsets.ts'
import { didYouMean } from '../../core/nearest.ts'
import { sentences } from '../../errors.ts'
import type { Command, Entry } from '../command.ts'
import { type Offer, type Place, scripts, shells } from '../completion-scripts.ts'
import { type Flag, type Flags, kebab, UsageError } from '../flags.ts'
import { runFlags } from './run.ts'

type Commands = Readonly<Record<string, Entry>>

/** A script by which a shell completes this command line, made of the commands' own table. */
export function completionCommand(commands: Commands): Command {
  return {
    usage: shells.join('|'),
    flags: {},
    words: shells,
    positionals: 1,
    examples: ['completion bash > ~/.local/share/bash-completion/completions/modulex-intercom'],
    more: `It is read where the shell looks for it:

  bash  ~/.local/share/bash-completion/completions/modulex-intercom
  zsh   a file _modulex-intercom in a folder of $fpath, before compinit
  fish  ~/.config/fish/completions/modulex-intercom.fish`,
    async run(_, [given]) {
      const shell = shells.find((one) => one === given)
      if (shell === undefined) {
        const near = given === undefined ? null : didYouMean(given, [...shells])
        throw new UsageError(sentences(`completion takes ${shells.join(', ')}`, near))
      }
      console.log(scripts[shell](await placesOf(commands)).trimEnd())
      return 0
    },
  }
}

const titles = new Map(catalogue.map(({ name, title }) => [name, title]))
const actions = catalogue.map(({ name, title }) => ({ name, about: title }))

/** Every place of the command line. */
async function placesOf(commands: Commands): Promise<Place[]> {
  const loaded = await Promise.all(
    Object.entries(commands).map(async ([name, { summary, load }]) => ({
      name,
      summary,
      command: await load(),
    })),
  )
  const below = (path: string): Offer[] =>
    loaded.flatMap(({ name, summary }) => {
      const [last = '', ...before] = name.split(' ').toReversed()
      return before.toReversed().join(' ') === path ? [{ name: last, about: summary }] : []
    })
  const help: Place['flags'][number] = { name: '--help', about: 'what it takes', values: null }
  const version = { name: '--version', about: 'which version this is', values: null }
  return [
    {
      path: '',
      words: [{ name: 'run', about: 'run one action' }, ...below('')],
      flags: [help, version],
    },
    { path: 'run', words: actions, flags: [help] },
    ...catalogue.map((action) => ({
      path: `run ${action.name}`,
      words: [],
      flags: [...flagsOf(runFlags(action)), help],
    })),
    ...loaded.map(({ name, command: { flags, words = [] } }) => ({
      path: name,
      words: [...words.map((word) => ({ name: word, about: titles.get(word) ?? '' })), ...below(name)],
      flags: [...flagsOf(flags), help],
    })),
  ]
}

function flagsOf(flags: Flags): Place['flags'] {
  return Object.entries(flags).map(([name, flag]) => ({
    name: `--${kebab(name)}`,
    about: flag.description.split('\n', 1)[0] ?? '',
    values: valuesOf(name, flag),
  }))
}

/** What a flag takes, as far as it is one of a few. */
function valuesOf(name: string, { type, values = [] }: Flag): readonly string[] | null {
  if (type === 'boolean') return null
  if (name === 'only' || name === 'deny') return [...titles.keys()]
  return values
}
