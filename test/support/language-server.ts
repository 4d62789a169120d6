import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'

type Position = { line: number; character: number }
type Hover = { contents: string | { value: string } | { value: string }[] } | null
type Completions = { items: { label: string }[] } | { label: string }[] | null

/** TypeScript's language server, as an editor runs it. */
export type LanguageServer = {
  /** What an editor shows over the n-th occurrence of a text. */
  hover(file: string, text: string): Promise<string>
  /** What an editor offers right behind a text. */
  completions(file: string, text: string): Promise<string[]>
  close(): void
}

/** Starts a server over the project in a folder. */
export async function languageServer(tsc: string, root: string): Promise<LanguageServer> {
  const server = spawn(tsc, ['--lsp', '--stdio'], { cwd: root, stdio: ['pipe', 'pipe', 'ignore'] })
  const waiting = new Map<number, (result: unknown) => void>()
  let received = Buffer.alloc(0)
  let sent = 0
  const opened = new Set<string>()

  server.stdout.on('data', (chunk: Buffer) => {
    received = Buffer.concat([received, chunk])
    for (;;) {
      const end = received.indexOf('\r\n\r\n')
      const length = Number(/Content-Length: (\d+)/i.exec(received.subarray(0, end).toString())?.[1])
      if (end === -1 || received.length < end + 4 + length) return
      const message = JSON.parse(received.subarray(end + 4, end + 4 + length).toString())
      received = received.subarray(end + 4 + length)
      if (message.method !== undefined && message.id !== undefined) post({ id: message.id, result: null })
      else if (message.id !== undefined) waiting.get(message.id)?.(message.result)
    }
  })
  const post = (message: object) => {
    const body = JSON.stringify({ jsonrpc: '2.0', ...message })
    server.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`)
  }
  const ask = <Result>(method: string, params: object): Promise<Result> =>
    new Promise((resolve) => {
      const id = ++sent
      waiting.set(id, resolve as (result: unknown) => void) // the protocol says what a method answers
      post({ id, method, params })
    })
  /** A position behind or at a text, of a file that is open. */
  const at = (file: string, text: string, behind: number) => {
    const source = readFileSync(file, 'utf8')
    const uri = pathToFileURL(file).href
    if (!opened.has(file)) {
      opened.add(file)
      const textDocument = { uri, languageId: 'typescript', version: 1, text: source }
      post({ method: 'textDocument/didOpen', params: { textDocument } })
    }
    const offset = source.indexOf(text)
    if (offset === -1) throw new Error(`${file} does not hold ${text}`)
    const before = source.slice(0, offset + behind).split('\n')
    const position: Position = { line: before.length - 1, character: before.at(-1)?.length ?? 0 }
    return { textDocument: { uri }, position }
  }

  const documentation = { contentFormat: ['markdown'] }
  const capabilities = { textDocument: { hover: documentation, completion: {} } }
  const rootUri = pathToFileURL(root).href
  await ask('initialize', { processId: process.pid, rootUri, capabilities })
  post({ method: 'initialized', params: {} })
  return {
    async hover(file, text) {
      const hover = await ask<Hover>('textDocument/hover', at(file, text, 1))
      return JSON.stringify(hover?.contents ?? null)
    },
    async completions(file, text) {
      const found = await ask<Completions>('textDocument/completion', at(file, text, text.length))
      const items = Array.isArray(found) ? found : (found?.items ?? [])
      return items.map(({ label }) => label)
    },
    close: () => server.kill(),
  }
}
