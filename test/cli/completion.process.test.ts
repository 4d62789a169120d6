import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { commandLine } from '../support/command-line.ts'

const folder = mkdtempSync(join(tmpdir(), 'completion-'))
const script = (shell: string) => join(folder, shell)
before(async () => {
  for (const shell of ['bash', 'zsh', 'fish'])
    writeFileSync(script(shell), (await commandLine(['completion', shell])).stdout)
})
after(() => rmSync(folder, { recursive: true, force: true }))

/** What a command line is completed to; the last word is the one that is being typed. */
const cases: [words: string[], expected: string[]][] = [
  [['ser'], ['serve']],
  [['work'], ['worker', 'workspace']],
  [
    ['workspace', ''],
    ['changes', 'export'],
  ],
  [
    ['run', 'get_con'],
    ['get_contact', 'get_conversation'],
  ],
  [['run', 'list_tags', '--lo'], ['--local']],
  [
    ['run', 'reply_to_conversation', '--reply-type', ''],
    ['admin', 'user'],
  ],
  [['bulk', 'merge'], ['merge_contacts']],
  [
    ['mcp', '--sends', ''],
    ['allow', 'confirm', 'off'],
  ],
  [['mcp', '--sends', 'confirm', '--out'], ['--output']],
  [['mcp', '--read-only', '--send'], ['--sends']],
  [['serve', '--port', '8080', '--sends', 'c'], ['confirm']],
  [['approvals', 'de'], ['decline']],
  [
    ['completion', ''],
    ['bash', 'fish', 'zsh'],
  ],
  [['mcp', '--toolsets', 'd'], ['desk']],
]

/** Where nothing is one of a few there are files; bash offers them by its own default, which is not asked here. */
const ofFiles = [
  ['bulk', 'upsert_contact', 'peo'],
  ['serve', '--config', 'peo'],
]

/** What each of several command lines is completed to. */
const shells: Record<string, (all: string[][]) => string[][]> = {
  bash: (all) =>
    all.map((words) =>
      lines('bash', [
        '--norc',
        '-c',
        `source ${script('bash')}; COMP_WORDS=(modulex-intercom "$@"); COMP_CWORD=$#; _modulex_intercom; printf '%s\\n' "\${COMPREPLY[@]}"`,
        'bash',
        ...words,
      ]),
    ),
  zsh: (all) => {
    const typed = all.map((words) => words.join(' '))
    const found = lines('zsh', ['-f', join(import.meta.dirname, 'completed.zsh'), script('zsh'), ...typed])
    return typed.map((_, index) =>
      found.flatMap((one) => (one.startsWith(`${index} `) ? [one.slice(`${index} `.length)] : [])),
    )
  },
  fish: (all) =>
    all.map((words) =>
      lines('fish', [
        '--no-config',
        '-c',
        `source ${script('fish')}; complete -C 'modulex-intercom ${words.join(' ')}'`,
      ]).map((found) => found.split('\t')[0] ?? ''),
    ),
}

function lines(command: string, args: string[]): string[] {
  const options = { encoding: 'utf8', timeout: 100_000, cwd: folder } as const
  const { status, stdout, stderr } = spawnSync(command, args, options)
  assert.deepEqual([status, stderr], [0, ''])
  const all = stdout.split('\n').filter((one) => one !== '')
  return all.toSorted()
}

for (const [shell, completed] of Object.entries(shells)) {
  const skip = spawnSync(shell, ['--version']).error === undefined ? false : `no ${shell} here`
  test(`${shell} completes commands, actions, flags, values and files`, { skip }, () => {
    writeFileSync(join(folder, 'people.csv'), '')
    const files = shell === 'bash' ? [] : ['people.csv']
    const wanted = [...cases, ...ofFiles.map((words) => [words, files] as const)]
    const found = completed(wanted.map(([words]) => words))
    assert.deepEqual(
      wanted.map(([words], index) => [words, found[index]]),
      wanted.map(([words, expected]) => [words, expected]),
    )
  })
}
