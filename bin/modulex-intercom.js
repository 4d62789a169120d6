#!/usr/bin/env node
import './require-node.js'
import module from 'node:module'
import { homedir } from 'node:os'
import { join } from 'node:path'

// In a folder of the user's own: Node.js's default is the temporary folder, where others could plant code. It honours
// NODE_COMPILE_CACHE and NODE_DISABLE_COMPILE_CACHE, and goes without a cache where the folder cannot be written.
module.enableCompileCache(join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'modulex-intercom'))
await import('../dist/cli/bin.js')
