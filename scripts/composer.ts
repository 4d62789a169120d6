import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'rolldown'

const root = fileURLToPath(new URL('../src/composer/', import.meta.url))

/** What browsers get: script and style of the approvals page, and the MCP App as one document. */
export async function composerAssets(): Promise<Record<'script' | 'style' | 'app', string>> {
  const style = styled('composer.css')
  const [script, app] = await Promise.all([bundled('inbox.ts'), bundled('app.ts')])
  return { script, style: style + styled('inbox.css'), app: documentOf(style + ofApp, app) }
}

async function bundled(entry: string): Promise<string> {
  const { output } = await build({
    cwd: root,
    input: entry,
    platform: 'browser',
    write: false,
    output: { format: 'esm', minify: true, codeSplitting: false },
    tsconfig: false,
    logLevel: 'warn',
  })
  const code = output[0].code.trim()
  if (/<\/script|<!--/i.test(code)) throw new Error(`${entry} would end its own element`)
  return code
}

/** The host draws the frame, and asks for the height. */
const ofApp = 'html{height:max-content}body{background:transparent}.composer article{border:0;max-width:none}'

function documentOf(style: string, script: string): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Approval</title><style>${style}</style></head><body><script type="module">${script}</script></body></html>`
}

/** Without comments and the blanks between declarations. */
function styled(file: string): string {
  return readFileSync(`${root}${file}`, 'utf8')
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/\s+/g, ' ')
    .replace(/ ?([{};,]) ?/g, '$1')
    .replace(/: /g, ':')
    .trim()
}
