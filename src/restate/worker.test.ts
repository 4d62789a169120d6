import assert from 'node:assert/strict'
import { test } from 'node:test'
import { TerminalError } from '@restatedev/restate-sdk'
import { scriptedIntercom, scriptedToken } from '../../test/support/scripted-intercom.ts'
import { intercomServices, loggerTo, register, type WorkerLine } from './worker.ts'

test('an address with a user or a password is refused before any request, and never quoted', async (t) => {
  const { url, received, close } = await scriptedIntercom([{ json: {} }])
  t.after(close)
  for (const user of ['ada:canary', 'canary', ':canary']) {
    const address = url.replace('//', `//${user}@`)
    const services = { accessToken: scriptedToken, baseUrl: url, ingress: address }
    for (const [what, refused] of [
      ['ingress', () => intercomServices(services)],
      ['register', () => register(address, 'http://127.0.0.1:1')],
    ] as const) {
      await assert.rejects(refused, ({ code, message }) => {
        assert.deepEqual([code, message], ['invalid_input', `${what} must not contain a user or password`])
        return true
      })
    }
  }
  assert.deepEqual(received, [])
})

type Params = Parameters<ReturnType<typeof loggerTo>>

test('a worker logs warnings and errors once, in one short line, and no refusals', () => {
  const lines: WorkerLine[] = []
  const log = loggerTo((line) => void lines.push(line))
  const say = (level: string, replaying: boolean, ...said: unknown[]) => {
    const context = level === 'error' ? { invocationId: 'inv_1' } : undefined
    log({ level, replaying, context } as unknown as Params[0], ...said) // what is used of it
  }
  say('info', false, 'Invocation started')
  say('warn', true, 'said before')
  say('warn', false, 'Accepting requests without validating request signatures')
  say('error', false, 'Invocation failed', new TerminalError('refused'))
  say('warn', false, ' Slow engine\nsecond line')
  say('error', false, 'Invocation failed', { more: 1 }, new Error(`so\n${'x'.repeat(400)}`))
  say('error', false, 'x'.repeat(400))
  assert.deepEqual(lines, [
    { level: 'warn', invocation: null, text: 'Slow engine' },
    { level: 'error', invocation: 'inv_1', text: 'Invocation failed so' },
    { level: 'error', invocation: 'inv_1', text: 'x'.repeat(300) },
  ])
})
