import { z } from 'zod'
import { toolsetNames } from '../actions/toolsets.ts'

export const name = z.string().regex(/^[\w.-]{1,60}$/, 'takes 1 to 60 letters, digits, ".", "_" and "-"')
export const variable = z
  .string()
  .regex(/^[A-Za-z_]\w*$/, 'takes the name of an environment variable, never a secret itself')
/** What is compared character for character with what comes from elsewhere: blanks around it would make it miss. */
export const exact = (takes: string) => z.string().regex(/^\S(.*\S)?$/s, `${takes}, without blanks around it`)
export const path = z.string().min(1, 'takes the path of a file')
export const count = (most: number, least = 1) =>
  z.int('takes a whole number').min(least, `takes ${least} or more`).max(most, `takes ${most} at most`)
/** An id of a workspace that is connected. */
export const workspaceId = z.string().regex(/^[\w-]{1,64}$/, 'takes the id of a workspace')
const parameters = z.record(z.string(), z.record(z.string(), z.json()))

/** A key, named in one of three ways. */
export const key = {
  key_env: variable.optional(),
  key_file: path.optional(),
  key_sha256: z
    .string()
    .regex(/^[\da-f]{64}$/i, 'takes 64 hexadecimal digits')
    .optional(),
}

/** A workspace, and what a caller may do there. */
export const policy = {
  access_token_env: variable.optional(),
  access_token_file: path.optional(),
  workspace: workspaceId.optional(),
  base_url: z.string().optional(),
  toolsets: z.array(z.enum(['all', ...toolsetNames])).optional(),
  read_only: z.boolean().optional(),
  only: z.array(z.string()).optional(),
  deny: z.array(z.string()).optional(),
  sends: z.enum(['allow', 'confirm', 'off']).optional(),
  approve: z.array(z.string()).optional(),
  confirm_by: z.array(z.enum(['form', 'app'])).optional(),
  output: z.enum(['compact', 'full']).optional(),
  metrics: z.enum(['own', 'all']).optional(),
  parameter_defaults: parameters.optional(),
  parameter_overrides: parameters.optional(),
  ignored_parameters: z.array(z.string()).optional(),
  calls_per_minute: count(1_000_000).optional(),
  concurrent_calls: count(10_000).optional(),
}
