import { createIntercom, type IntercomOptions } from '../../src/index.ts'

/** One call in a process of its own. */
export type IntentRun = {
  options: IntercomOptions
  action: string
  input: unknown
  intentId: string
  /** Gives this process the signal when a request of the method is about to leave. */
  die?: { signal: 'SIGKILL' | 'SIGSTOP'; at: 'GET' | 'POST' }
}

const { options, action, input, intentId, die } = JSON.parse(String(process.argv[2])) as IntentRun // the parent's
const onRequest = ({ method }: { method: string }) => {
  if (method === die?.at) process.kill(process.pid, die.signal)
}
const intercom = createIntercom({ ...options, onRequest })
process.stdout.write(JSON.stringify(await intercom.call(action, input, { intentId })))
await intercom.close()
