import { type LoggerTransport, TerminalError } from '@restatedev/restate-sdk'

/** What a worker says of itself: never an input, an answer or a key. */
export type WorkerLine = { level: 'warn' | 'error'; invocation: string | null; text: string }

const longest = 300

/** Hands on what the SDK warns of. What it says of every call, and of refusals, is left out. */
export function logTo(log: (line: WorkerLine) => void): LoggerTransport {
  return ({ level, context, replaying }, message, ...more) => {
    if (replaying || (level !== 'warn' && level !== 'error')) return
    if (/without validating request signatures/.test(String(message))) return // on loopback alone: see `startWorker`
    const error = more.find((one) => one instanceof Error)
    if (error instanceof TerminalError) return // an answer
    const [text = ''] = `${String(message).trim()}${error ? ` ${error.message}` : ''}`.split('\n', 1)
    log({ level, invocation: context?.invocationId ?? null, text: text.slice(0, longest) })
  }
}
