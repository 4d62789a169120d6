import assert from 'node:assert/strict'
import { test } from 'node:test'
import { commandLine } from '../support/command-line.ts'

const usages: [args: string[], says: RegExp][] = [
  [['--only', 'list_tag'], /unknown action "list_tag"/],
  [['--base-url', 'app.intercom.com'], /the base URL is not an http\(s\) URL/],
  [['--sends', 'of'], /--sends takes allow, confirm, off/],
  [['--deny', 'list_tag'], /unknown action "list_tag"/],
  [['--tokn', 'x'], /unknown flag --tokn/],
  [['--toolsets', 'desks'], /unknown toolset "desks"\. Did you mean "desk"\?/],
]
for (const [args, says] of usages) {
  test(`mcp ${args.join(' ')} without a token is wrong usage all the same`, async () => {
    const { code, stderr } = await commandLine(['mcp', ...args])
    assert.equal(code, 2)
    assert.match(stderr, says)
  })
}
