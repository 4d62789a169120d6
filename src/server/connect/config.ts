import { z } from 'zod'
import { isLoopback } from '../../client/credentials.ts'
import { path, variable } from '../config-fields.ts'

const region = z.enum(['US', 'EU', 'AU'])
const local = z.string().refine(isLocal, 'takes an http URL on this machine, of a local Developer Hub')

const hubSchema = z.strictObject({ app: local, api: local })

export const connectSchema = z.strictObject({
  file: path,
  key_env: variable.optional(),
  key_file: path.optional(),
  client_id: z.string().min(1, 'takes the client id of your app').optional(),
  client_secret_env: variable.optional(),
  client_secret_file: path.optional(),
  region: region.optional(),
  open: z.boolean().optional(),
  app_store: z.boolean().optional(),
  hosts: z.partialRecord(region, hubSchema).optional(),
})

/** The workspaces that a server keeps, and the app by which they are connected. */
export type ConnectConfig = z.output<typeof connectSchema>

function isLocal(given: string): boolean {
  const url = URL.parse(given)
  return url !== null && url.protocol === 'http:' && isLoopback(url.hostname) && url.pathname === '/'
}
