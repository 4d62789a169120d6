import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { escaped, picture } from './svg.ts'

const program = fileURLToPath(new URL('../src/cli/bin.ts', import.meta.url))
const columns = 92
const [charWidth, lineHeight, left, top] = [7.9, 20, 24, 60] as const

/** docs/images/demo.svg: what `npm run demo` prints. Throws when the demo fails. */
export function demoPicture(): string {
  const args = [program, 'start', '--exit', '--fixtures', 'examples/bicycle-shop.yaml']
  const cwd = fileURLToPath(new URL('..', import.meta.url))
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', cwd })
  if (status !== 0) throw new Error(`the demo failed:\n${stderr}`)
  const lines = ['$ npm run demo', ...settled(stderr).flatMap(wrapped)]
  const width = Math.ceil(left * 2 + columns * charWidth)
  const dots = [0, 1, 2].map((n) => `<circle class="dim" cx="${left + 6 + n * 20}" cy="24" r="6"/>`)
  return picture({
    width,
    height: top + lines.length * lineHeight + 8,
    title: 'npm run demo in a terminal',
    description: lines.join('\n'),
    colours: {
      ink: ['#1f2328', '#e6edf3'],
      dim: ['#59636e', '#9198a1'],
      good: ['#1a7f37', '#3fb950'],
    },
    style: `text { font: 13px ui-monospace, SFMono-Regular, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; white-space: pre }
.bold { font-weight: 600 }`,
    body: [...dots, ...lines.map((line, n) => drawn(line, top + 6 + n * lineHeight))],
  })
}

/** Without what differs from one run to the next: the port, how long each call took, and the time in a contact's id. */
function settled(output: string): string[] {
  return output
    .replace(/(127\.0\.0\.1):\d+/, '$1:41234')
    .replace(/^(✓ \S+) +[\d.]+ ms +/gm, (_, action: string) => action.padEnd(27))
    .replace(/\b[0-9a-f]{8}(?=[0-9a-f]{16}\b)/g, '69000000')
    .trimEnd()
    .split('\n')
}

function wrapped(line: string): string[] {
  if (line.length <= columns) return [line]
  const at = line.lastIndexOf(' ', columns)
  return [line.slice(0, at), ...wrapped(line.slice(at + 1))]
}

function drawn(line: string, y: number): string {
  const [, tick = '', action = '', rest = line] = /^(✓) (\S+)(.*)$/.exec(line) ?? []
  const parts =
    tick === ''
      ? [[/^\$|^\d+ of/.test(line) ? 'ink bold' : 'dim', line]]
      : [
          ['good', `${tick} `],
          ['ink', action],
          ['dim', rest],
        ]
  const spans = parts.map(([kind, words = '']) => `<tspan class="${kind}">${escaped(words)}</tspan>`)
  return `<text x="${left}" y="${y}" xml:space="preserve">${spans.join('')}</text>`
}
