#!/usr/bin/env node
import './require-node.js'

await import('../dist/cli/bin.js')
