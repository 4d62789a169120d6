import { didYouMean } from './core/nearest.ts'
import { IntercomError } from './errors.ts'

/** What each option of `createIntercom` takes; a safety option that is misspelt must not be ignored. */
const takes: Record<string, [test: (value: unknown) => boolean, what: string]> = {
  accessToken: [isText, 'text'],
  baseUrl: [isText, 'text'],
  allowCustomHost: [isBoolean, 'true or false'],
  timeoutMs: [isMilliseconds, 'a whole number of milliseconds from 1 on'],
  readOnly: [isBoolean, 'true or false'],
  only: [(value) => Array.isArray(value) && value.every(isText), 'an array of action names'],
  dryRun: [isBoolean, 'true or false'],
  onRequest: [isFunction, 'a function'],
  onRetry: [isFunction, 'a function'],
  onWait: [isFunction, 'a function'],
  deadlineMs: [isMilliseconds, 'a whole number of milliseconds from 1 on'],
  onUnknown: [
    (value) => value === 'report' || value === 'verify' || value === 'verify-then-resend',
    '"report", "verify" or "verify-then-resend"',
  ],
  settleMs: [isSettle, 'an array of 1 to 10 whole numbers of milliseconds'],
  journal: [isJournal, 'the path of a file, or a Journal'],
  rateLimitFile: [isPath, 'the path of a file'],
  permits: [isPermits, 'a PermitSource'],
  dispatcher: [isDispatcher, 'an undici Dispatcher'],
}

/** Throws an `IntercomError` for options that are unknown or of a wrong type. */
export function checkOptions(options: unknown): void {
  if (typeof options !== 'object' || options === null) throw wrong('options must be an object')
  for (const [name, value] of Object.entries(options)) {
    const rule = Object.hasOwn(takes, name) ? takes[name] : undefined
    if (rule === undefined) {
      const shown = JSON.stringify(name.slice(0, 60))
      throw wrong(`there is no option ${shown}.${didYouMean(name, Object.keys(takes))}`)
    }
    const [test, what] = rule
    if (value !== undefined && !test(value)) throw wrong(`${name} must be ${what}`)
  }
  const { rateLimitFile, permits } = options as Record<string, unknown>
  if (rateLimitFile !== undefined && permits !== undefined)
    throw wrong('rateLimitFile and permits exclude each other')
}

function isText(value: unknown): boolean {
  return typeof value === 'string'
}

function isBoolean(value: unknown): boolean {
  return typeof value === 'boolean'
}

function isMilliseconds(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) >= 1 && Number(value) < 2 ** 31
}

function isFunction(value: unknown): boolean {
  return typeof value === 'function'
}

function isPath(value: unknown): boolean {
  return isText(value) && value !== ''
}

function isSettle(value: unknown): boolean {
  return Array.isArray(value) && value.length >= 1 && value.length <= 10 && value.every(isMilliseconds)
}

function isJournal(value: unknown): boolean {
  return isPath(value) || (typeof value === 'object' && value !== null && 'acquire' in value)
}

function isPermits(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'lease' in value
}

function isDispatcher(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'dispatch' in value
}

function wrong(message: string): IntercomError {
  return new IntercomError(message, { code: 'invalid_input' })
}
