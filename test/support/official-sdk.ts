import { IntercomClient } from 'intercom-client'
import { type CheckedWorkspace, openCheckedWorkspace } from './checked-workspace.ts'

/** Intercom's own SDK and the validated workspace that it calls. */
export interface SdkWorld extends CheckedWorkspace {
  readonly client: IntercomClient
  /** The same SDK with other options: a wrong token, its own default version. */
  clientWith(options: Partial<IntercomClient.Options>): IntercomClient
}

/** Opens a seeded workspace and a client for it. The SDK asks for 2.14 by default; here it asks for 2.12. */
export async function openSdkWorld(): Promise<SdkWorld> {
  const workspace = await openCheckedWorkspace({ seed: 'small' })
  const clientWith = (options: Partial<IntercomClient.Options>) =>
    new IntercomClient({
      environment: workspace.url,
      token: workspace.accessToken,
      maxRetries: 0,
      ...options,
    })
  return Object.assign(workspace, { client: clientWith({ version: '2.12' }), clientWith })
}

/** What an iterator yields, up to a number. */
export async function take<Item>(
  items: AsyncIterable<Item>,
  count = Number.POSITIVE_INFINITY,
): Promise<Item[]> {
  const taken: Item[] = []
  for await (const item of items) {
    taken.push(item)
    if (taken.length >= count) break
  }
  return taken
}
