import { escaped, picture } from './svg.ts'

/** The clients shown, each with its defaults: the name on the page, and the one in the plot. */
const clients: [onPage: string, label: string][] = [
  ["Intercom's `intercom-client`", "Intercom's SDK"],
  ["Intercom's `@intercom/cli`", "Intercom's command line"],
  ['`verify`', 'modulex-intercom'],
]
/** The fault of the upper half: carried out, and answered with a 502. */
const fault = 'commit_502'
const width = 760
const left = 220
const barsWidth = 360

type Bar = { label: string; wanted: number; extra: number; text: string }

/** docs/images/copies.svg, from the tables of docs/reliability.md. */
export function copiesPlot(page: string): string {
  const [faults, short] = [tableUnder(page, 'Faults'), tableUnder(page, 'In short')]
  const copies = clients.map(([client, label]): Bar => {
    const [stored, sends] = [
      countOf(faults, client, 'stored', fault),
      countOf(faults, client, 'sends', fault),
    ]
    const extra = Math.round((stored / sends) * 100) - 100
    return { label, wanted: 100, extra, text: extra === 0 ? '100' : `${100 + extra}: ${extra} too many` }
  })
  const extras = clients.map(([client, label]): Bar => {
    const extra = countOf(short, client, 'in a thousand sends')
    return { label, wanted: 0, extra, text: extra === 0 ? 'none' : String(extra) }
  })
  const said = (bars: Bar[]) => bars.map(({ label, text }) => `${label} ${text}`).join('; ')
  return picture({
    width,
    height: 382,
    title: "Copies of one send, for Intercom's SDK, Intercom's command line and modulex-intercom",
    description: `Copies made by 100 sends (replies, messages, notes and leads), when every second request was carried out and then answered with a 502: ${said(copies)}. Copies too many in 1,000 sends over all faults: ${said(extras)}.`,
    colours: {
      ink: ['#1f2328', '#f0f6fc'],
      dim: ['#59636e', '#9198a1'],
      wanted: ['#8c959f', '#6e7681'],
      extra: ['#cf222e', '#f85149'],
    },
    style: `text { font: 14px system-ui, -apple-system, "Segoe UI", "Noto Sans", Helvetica, Arial, sans-serif }
.head { font-size: 16px; font-weight: 600 }
.dim { font-size: 13px }`,
    body: [
      text(24, 36, 'Copies made by 100 sends', 'ink head'),
      text(
        24,
        57,
        'Replies, messages, notes and leads; every second request was carried out, then answered with a 502.',
        'dim',
      ),
      ...bars(copies, 72),
      text(24, 202, 'Copies too many in 1,000 sends, over all faults', 'ink head'),
      text(24, 223, 'Resets, timeouts, 5xx, answers cut short, lagging searches, and others.', 'dim'),
      ...bars(extras, 238),
      text(24, 362, 'Each with its default settings. Figures: docs/reliability.md.', 'dim'),
    ],
  })
}

function bars(all: Bar[], top: number): string[] {
  const longest = Math.max(...all.map(({ wanted, extra }) => wanted + extra), 1)
  const px = (count: number) => Math.round((count / longest) * barsWidth)
  return all.flatMap(({ label, wanted, extra, text: words }, n) => {
    const y = top + n * 32
    const bar = (kind: string, from: number, count: number) =>
      count === 0
        ? []
        : [`<rect class="${kind}" x="${left + px(from)}" y="${y}" width="${px(count)}" height="22"/>`]
    return [
      text(24, y + 16, label, 'ink'),
      ...bar('wanted', 0, wanted),
      ...bar('extra', wanted, extra),
      text(left + px(wanted) + px(extra) + 8, y + 16, words, 'ink'),
    ]
  })
}

function text(x: number, y: number, words: string, kind: string): string {
  return `<text class="${kind}" x="${x}" y="${y}">${escaped(words)}</text>`
}

/** The cells of the first table under a heading, with its head. */
function tableUnder(page: string, heading: string): string[][] {
  const [, section = ''] = page.split(`\n## ${heading}\n`)
  const [table = ''] = section.match(/^(?:\|.*\n)+/m) ?? []
  const lines = table.trimEnd().split('\n')
  return lines.map((line) => line.split('|').slice(1, -1)).map((cells) => cells.map((cell) => cell.trim()))
}

/** A client's count in a column: in its first row, or in the first one from the row that names the fault on. */
function countOf([head = [], ...rows]: string[][], client: string, column: string, fault?: string): number {
  const from = fault === undefined ? 0 : rows.findIndex(([first]) => first === fault)
  const row = from < 0 ? undefined : rows.slice(from).find((cells) => cells.includes(client))
  const count = row?.[head.indexOf(column)]?.replace(/[*,]/g, '')
  if (!count) throw new Error(`docs/reliability.md: no "${column}" of ${client}, ${fault ?? 'all'}`)
  return Number(count)
}
