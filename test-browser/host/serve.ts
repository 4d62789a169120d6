import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { build } from 'rolldown'

type Json = Record<string, unknown>
/** What the host needs of an MCP client. */
export type McpClient = {
  listTools(): Promise<{ tools: unknown[] }>
  callTool(params: { name: string; arguments: Json }): Promise<unknown>
  readResource(params: { uri: string }): Promise<unknown>
}
type Listed = { name: string; _meta?: { ui?: { visibility?: string[] } } }

/** What the specification gives to an app that asks for no domains: MCP Apps 2026-01-26, "Content Security Policy". */
const strict =
  "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; media-src 'self' data:; connect-src 'none'; frame-src 'none'; base-uri 'none'; form-action 'none'"

/** The page of a host for an MCP client, with its sandbox on another port. */
export async function servedHost(client: McpClient) {
  const script = await bundled()
  const sandbox = await listening((_, respond) =>
    respond(200, 'text/html', file('sandbox.html'), {
      // the sandbox's own frame is of no origin, so that no address has to be allowed
      'content-security-policy': strict.replace("frame-src 'none'", "frame-src 'self'"),
    }),
  )
  const page = await listening(async ({ url, body }, respond) => {
    const policy = `default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self'; frame-src ${sandbox.url}`
    if (url === '/')
      return respond(200, 'text/html', file('index.html'), { 'content-security-policy': policy })
    if (url === '/host.css') return respond(200, 'text/css', file('host.css'))
    if (url === '/host.js') return respond(200, 'text/javascript', script)
    try {
      respond(200, 'application/json', JSON.stringify(await answer(String(url), body)))
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error)
      respond(502, 'application/json', JSON.stringify({ error: message }))
    }
  })

  async function answer(path: string, given: Json): Promise<unknown> {
    if (path === '/sandbox') return { url: `${sandbox.url}/` }
    if (path === '/tools') return await tools()
    if (path === '/read') return await client.readResource({ uri: String(given['uri']) })
    if (path === '/call') return await call(given)
    throw new Error(`no ${path}`)
  }

  async function tools(): Promise<Listed[]> {
    return (await client.listTools()).tools as Listed[]
  }

  /** A call from an app or a model to a tool that is not for it is refused. */
  async function call({ name, arguments: given, from }: Json): Promise<unknown> {
    const tool = (await tools()).find((one) => one.name === name)
    const visible = tool?._meta?.ui?.visibility ?? ['model', 'app']
    if (!visible.includes(String(from))) throw new Error(`${name} is not for the ${from}`)
    return await client.callTool({ name: String(name), arguments: (given ?? {}) as Json })
  }

  return {
    url: page.url,
    origins: [page.url, sandbox.url],
    async close() {
      page.server.close()
      sandbox.server.close()
      page.server.closeAllConnections()
      sandbox.server.closeAllConnections()
    },
  }
}

function file(name: string): string {
  return readFileSync(new URL(name, import.meta.url), 'utf8')
}

async function bundled(): Promise<string> {
  const { output } = await build({
    cwd: fileURLToPath(new URL('.', import.meta.url)),
    input: 'host.ts',
    platform: 'browser',
    write: false,
    output: { format: 'esm', codeSplitting: false },
    tsconfig: false,
    logLevel: 'silent',
  })
  return output[0].code
}

type Respond = (status: number, type: string, body: string, headers?: Record<string, string>) => void
type Handler = (request: { url: string | undefined; body: Json }, respond: Respond) => void | Promise<void>

async function listening(handler: Handler): Promise<{ server: Server; url: string }> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const text = Buffer.concat(chunks).toString()
    const respond: Respond = (status, type, body, headers = {}) => {
      response.writeHead(status, { 'content-type': `${type}; charset=utf-8`, ...headers })
      response.end(body)
    }
    if (request.url === '/favicon.ico') return respond(200, 'image/x-icon', '')
    await handler({ url: request.url, body: text === '' ? {} : JSON.parse(text) }, respond)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  server.unref() // a test that fails does not close it
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}
