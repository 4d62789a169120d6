import { type ConnectedWorkspace, optionsFor, type Workspaces } from '../../connect/index.ts'
import { type AnyIntercom, type CallOptions, createIntercom, type IntercomOptions } from '../../intercom.ts'
import type { CallerClient } from '../mounts.ts'

/**
 * A client of a workspace that may be connected, and connected again, while the server runs: each call goes to the host
 * that is stored at that moment. Where it is not connected, calls answer `workspace_not_connected` and send nothing.
 */
export function storedClient(
  workspaces: Workspaces,
  id: string,
  options: IntercomOptions,
): CallerClient & Pick<AnyIntercom, 'close'> {
  const clientAt = (base_url: ConnectedWorkspace['base_url']) =>
    createIntercom({ ...options, ...optionsFor(workspaces, { id, base_url }) })
  const first = clientAt('')
  let made: { base_url: string; client: AnyIntercom } = { base_url: '', client: first }

  async function current(): Promise<AnyIntercom> {
    const found = await workspaces.find(id).catch(() => null) // the call says what is wrong
    const base_url = found?.base_url ?? made.base_url
    if (base_url !== made.base_url) made = { base_url, client: clientAt(base_url) }
    return made.client
  }

  const call = async (name: string, input?: unknown, callOptions?: CallOptions) =>
    await (await current()).call(name, input, callOptions)
  return {
    actions: first.actions,
    toolsets: first.toolsets,
    workspace: first.workspace,
    journal: first.journal,
    call: call as AnyIntercom['call'], // the same function, of the client at that moment
    names: async (kind) => await (await current()).names(kind),
    remarks: async (name, input) => await (await current()).remarks(name, input),
    preview: async (name, input, callOptions) => await (await current()).preview(name, input, callOptions),
    close: async () => {},
  }
}
