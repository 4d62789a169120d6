import type { Approval, Decision } from './approval.ts'
import { bridge, type Host, type HostContext } from './bridge.ts'
import { type Composer, type Mounted, mount } from './composer.ts'
import { element } from './element.ts'
import { seen } from './words.ts'

/** What the server adds to a result for this app; `seal` only where the operator lets an app decide. */
type Told = Approval & { url: string | null; seal?: string }
type Result = Record<string, unknown>

const key = 'modulex-intercom/approval'
/** Milliseconds between two readings of an approval that is not over. */
const interval = 3000

const root = element('main')
document.body.append(root)
const { request, notify, connect } = bridge({ name: 'modulex-intercom-approval', version: '1' }, received)
let host: Host = { capabilities: {}, context: {} }
let mounted: Mounted | undefined
let told: Told | undefined
let timer: ReturnType<typeof setTimeout> | undefined

try {
  host = await connect()
  themed(host.context)
  notify('ui/notifications/initialized', {})
  new ResizeObserver(measure).observe(document.documentElement)
} catch {
  plain('This host cannot show the approval here.')
}

function received(method: string, params: Result): void {
  if (method === 'ui/notifications/tool-result') resulted(params)
  if (method === 'ui/notifications/tool-cancelled') plain('The call was cancelled.')
  if (method === 'ui/notifications/host-context-changed') themed(params)
  if (method === 'ui/resource-teardown') stop()
}

/** A result without an approval is of a call that needed nobody. */
function resulted(result: Result): void {
  const approval = toldIn(result)
  if (approval === undefined) plain(textIn(result) ?? 'The call has ended.')
  else draw(approval)
}

function textIn({ content }: Result): string | undefined {
  const [first] = Array.isArray(content) ? content : []
  return typeof first?.text === 'string' ? first.text : undefined
}

function toldIn({ _meta }: Result): Told | undefined {
  const found = (_meta as Record<string, unknown> | undefined)?.[key]
  return typeof found === 'object' && found !== null ? (found as Told) : undefined
}

function draw(approval: Told): void {
  const isOther = told?.id !== approval.id
  const before = told?.state
  told = approval
  const { seal: _, url: __, ...shown } = approval
  // The text that goes out is the one that was sealed: it is changed on the page.
  const drawn =
    shown.preview === null ? shown : { ...shown, preview: { ...shown.preview, textParameter: null } }
  if (mounted === undefined || isOther) {
    mounted?.close()
    mounted = mount(root, drawn, composerFor(approval))
  } else mounted.show(drawn)
  if (!isOther && before !== approval.state) tell(approval)
  mounted.say(whereTo(approval))
  watch()
}

function composerFor({ id, url, seal }: Told): Composer {
  const { openLinks, serverTools } = host.capabilities
  return {
    ...(openLinks !== undefined && url !== null
      ? {
          open: {
            label: seal === undefined ? 'Review and decide' : 'Change it on the approval page',
            press: () => {
              request('ui/open-link', { url }).catch(() => mounted?.say(`Open this page to decide: ${url}`))
            },
          },
        }
      : {}),
    ...(serverTools !== undefined && seal !== undefined
      ? { decide: (decision: Decision) => decided({ ...decision, approval_id: id, seal }) }
      : {}),
  }
}

async function decided(given: object): Promise<Approval> {
  const result = await request('tools/call', { name: 'decide_approval', arguments: given })
  const approval = toldIn(result)
  if (approval === undefined) throw new Error(textIn(result) ?? 'Nothing was decided.')
  queueMicrotask(() => {
    if (told?.id === approval.id) draw(approval) // the host may have shown another one meanwhile
  })
  return approval
}

/** Where a person goes when the host opens no links. */
function whereTo({ state, url, id, seal }: Told): string | null {
  if (state !== 'waiting' || seal !== undefined) return null
  if (url === null) return `Decide on the server’s machine: modulex-intercom approvals show ${id}`
  return host.capabilities.openLinks === undefined ? `Open this page to decide: ${url}` : null
}

/** Reads the approval anew while it is not over, where the host lets an app read. */
function watch(): void {
  clearTimeout(timer)
  const isOpen = told?.state === 'waiting' || told?.state === 'approved'
  if (isOpen && host.capabilities.serverResources !== undefined) timer = setTimeout(read, interval)
}

async function read(): Promise<void> {
  if (told === undefined) return
  const { id } = told
  try {
    const answer = document.hidden
      ? {}
      : await request('resources/read', { uri: `intercom://approvals/${id}` })
    const [first] = Array.isArray(answer['contents']) ? answer['contents'] : []
    const now = typeof first?.text === 'string' ? JSON.parse(first.text) : undefined
    if (told.id === id && now?.id === id) return draw({ ...told, ...now })
  } catch {
    // The host may refuse it now and allow it later; what is drawn says since when it is known.
  }
  watch()
}

/** The model is told that something was decided, in words without any of a customer's. */
function tell({ id, state }: Told): void {
  if (host.capabilities.updateModelContext === undefined) return
  const text = `Approval ${id} is ${state} now. Call the tool again with the same input to learn the outcome.`
  request('ui/update-model-context', { content: [{ type: 'text', text }] }).catch(() => {})
}

function plain(text: string): void {
  stop()
  mounted?.close()
  mounted = undefined
  told = undefined
  root.className = 'composer'
  root.replaceChildren(element('p', { class: 'words' }, seen(text)))
}

function stop(): void {
  clearTimeout(timer)
}

function themed({ theme, styles }: HostContext): void {
  const { dataset, style } = document.documentElement
  if (theme !== undefined) dataset['theme'] = theme
  for (const [name, value] of Object.entries(styles?.variables ?? {})) {
    if (name.startsWith('--') && typeof value === 'string') style.setProperty(name, value)
  }
}

let sent = ''
function measure(): void {
  const width = Math.ceil(innerWidth)
  const height = Math.ceil(document.documentElement.getBoundingClientRect().height)
  const size = `${width} ${height}`
  if (size === sent) return
  sent = size
  notify('ui/notifications/size-changed', { width, height })
}
