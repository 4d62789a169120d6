// Preloaded by `npm test`: with INTERCOM_OPENAPI set, every answer of every workspace, in this process and in those it
// starts, is validated, however a test reaches it. For one file:
// node --import ./test/openapi-validator/everywhere.ts --test FILE
import { enableCompileCache, registerHooks } from 'node:module'
import { fileURLToPath } from 'node:url'
import '../support/untracked.ts'
import { validatorEnv } from './child-env.ts'

const wrapper = new URL('validated.ts', import.meta.url).href
/** The file of `buildAnswer`, which every request passes through, in the sources or in a build. */
const answerFile = /\/(?:src|dist)\/workspace\/http\/answer\.[jt]s$/

// The suite starts hundreds of processes; compiling our sources in each would be most of what they do.
const compiled = fileURLToPath(new URL('../../node_modules/.cache/compiled', import.meta.url))
process.env['NODE_COMPILE_CACHE'] ??= compiled
enableCompileCache(process.env['NODE_COMPILE_CACHE'])

if (process.env['INTERCOM_OPENAPI']) {
  Object.assign(process.env, validatorEnv())
  registerHooks({
    load(url, context, next) {
      if (!answerFile.test(url)) return next(url, context)
      const original = JSON.stringify(`${url}?original`)
      const source = `
        import { validated } from ${JSON.stringify(wrapper)}
        import { buildAnswer as original } from ${original}
        export * from ${original}
        export const buildAnswer = (...given) => validated(original(...given))`
      return { format: 'module', source, shortCircuit: true }
    },
  })
}
