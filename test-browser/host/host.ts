// A host of MCP Apps that follows the specification of 2026-01-26 to the letter: sandbox page on an origin of its own,
// messages through the project's own AppBridge, visibility checked by the server behind this page.
import {
  AppBridge,
  getToolUiResourceUri,
  type McpUiHostCapabilities,
  type McpUiHostContext,
  PostMessageTransport,
} from '@modelcontextprotocol/ext-apps/app-bridge'

type Json = Record<string, unknown>
type Shown = { opened: string[]; context: unknown[]; sizes: { height?: number }[] }

declare global {
  interface Window {
    sandbox: string
    /** Calls a tool as a model would, and shows its app. */
    show(name: string, given: Json, has?: McpUiHostCapabilities, context?: McpUiHostContext): Promise<Shown>
    /** Calls the tool once more, for the app that is shown. */
    again(): Promise<void>
    /** What the host does to the app that is shown. */
    app: AppBridge
  }
}

window.show = async (name, given, has = {}, hostContext = {}) => {
  const tools = (await asked('/tools', {})) as { name: string; _meta?: Json }[]
  const tool = tools.find((one) => one.name === name)
  const uri = tool === undefined ? undefined : getToolUiResourceUri(tool)
  if (uri === undefined) throw new Error(`${name} has no app`)
  const shown: Shown = { opened: [], context: [], sizes: [] }
  const frame = document.createElement('iframe')
  frame.title = name
  frame.setAttribute('sandbox', 'allow-scripts allow-same-origin')
  document.querySelector('#chat')?.replaceChildren(frame)
  const ready = new Promise<void>((resolve) => {
    addEventListener('message', function listen({ source, data }) {
      if (source !== frame.contentWindow || data?.method !== 'ui/notifications/sandbox-proxy-ready') return
      removeEventListener('message', listen)
      resolve()
    })
  })
  const { url } = (await asked('/sandbox', {})) as { url: string }
  frame.src = url
  await ready
  const window_ = frame.contentWindow
  if (window_ === null) throw new Error('the sandbox has no window')
  const bridge = new AppBridge(null, { name: 'reference', version: '1' }, has, { hostContext })
  window.app = bridge
  bridge.oncalltool = (params) => asked('/call', { ...params, from: 'app' })
  bridge.onreadresource = (params) => asked('/read', params)
  bridge.onopenlink = async ({ url }) => {
    shown.opened.push(url)
    return {}
  }
  bridge.onupdatemodelcontext = async (params) => {
    shown.context.push(params)
    return {}
  }
  bridge.onsizechange = ({ height }) => {
    shown.sizes.push(height === undefined ? {} : { height })
    if (height !== undefined) frame.style.height = `${height + 2}px`
  }
  const initialized = new Promise<void>((resolve) => {
    bridge.oninitialized = () => resolve()
  })
  await bridge.connect(new PostMessageTransport(window_, window_))
  const { contents } = (await asked('/read', { uri })) as { contents: { mimeType: string; text: string }[] }
  const [content] = contents
  if (content?.mimeType !== 'text/html;profile=mcp-app') throw new Error(`${uri} is no app`)
  await bridge.sendSandboxResourceReady({ html: content.text })
  await initialized
  await bridge.sendToolInput({ arguments: given })
  window.again = async () => {
    await bridge.sendToolResult(await asked('/call', { name, arguments: given, from: 'model' }))
  }
  await window.again()
  return shown
}

// biome-ignore lint/suspicious/noExplicitAny: whatever the server answers goes to the app as it is
async function asked(path: string, body: object): Promise<any> {
  const response = await fetch(path, { method: 'POST', body: JSON.stringify(body) })
  const answer = await response.json()
  if (!response.ok) throw new Error(answer.error)
  return answer
}
