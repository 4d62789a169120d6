import { IntercomError } from '../errors.ts'

/** A workspace whose token is kept, without the token. */
export type ConnectedWorkspace = {
  /** Intercom's id, `app.id_code` of `GET /me`; notifications carry it as `app_id`. */
  id: string
  name: string | null
  /** `US`, `EU` or `AU`; `null` where Intercom named none. */
  region: string | null
  /** The host of its region. */
  base_url: string
  /** Who connected it: a teammate's id and name. */
  admin: { id: string; name: string | null }
  /** Unix ms. */
  connected_at: number
}

/** A connected workspace as a store lists it. */
export type ListedWorkspace = ConnectedWorkspace & {
  /** Since when Intercom refuses its token, Unix ms; it has to be connected again. */
  refused_at: number | null
  /** `changed`: the entry was altered outside, and its token is not used. `locked`: it needs another key. */
  state: 'connected' | 'refused' | 'changed' | 'locked'
}

/** Where the tokens of workspaces are kept. The SQLite one is `openWorkspaces`; stores of others fit. */
export interface Workspaces {
  /** Keeps a workspace with its token, in place of an earlier one of the same id. */
  save(workspace: ConnectedWorkspace, accessToken: string): Promise<void>
  /** By id. */
  list(): Promise<readonly ListedWorkspace[]>
  /** `null` where it is not connected. */
  find(id: string): Promise<ListedWorkspace | null>
  /** Rejects with an `IntercomError` where the workspace is not connected, or its token cannot be trusted. */
  accessToken(id: string): Promise<string>
  /** Notes that Intercom has refused this token, unless another has taken its place. */
  refused(id: string, accessToken: string): Promise<void>
  /** Forgets a workspace; with a token only while that is its token. False where it did not. */
  remove(id: string, accessToken?: string): Promise<boolean>
  close(): void
}

/** The options of `createIntercom` for a workspace of a store: its token is looked up for each request. */
export function optionsFor(
  workspaces: Workspaces,
  { id, base_url }: Pick<ConnectedWorkspace, 'id' | 'base_url'>,
) {
  return {
    workspaceId: id,
    baseUrl: base_url,
    accessToken: () => workspaces.accessToken(id),
    onRefusedToken: async (accessToken: string) => {
      await workspaces.refused(id, accessToken)
      return `Intercom has refused the token of the workspace ${id}: connect it again.`
    },
  }
}

/** An id of a workspace, as it may stand in a message. */
export function isWorkspaceId(id: unknown): id is string {
  return typeof id === 'string' && /^[\w-]{1,64}$/.test(id)
}

export function notConnected(id: string): IntercomError {
  return new IntercomError(
    `${isWorkspaceId(id) ? `the workspace ${id}` : 'a workspace with this id'} is not connected`,
    {
      code: 'workspace_not_connected',
      hint: 'Nothing was sent. Connect it: modulex-intercom connect, or /connect of the server.',
    },
  )
}
