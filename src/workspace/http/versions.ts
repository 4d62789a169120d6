import { ApiError } from './api-error.ts'
import { operationsSince, operationsUntil } from './versioned-operations.ts'

/** Every version of 2.x and the two that never stop changing, oldest first (docs/intercom-api.md 1.3). */
export const versions: readonly string[] = [
  ...Array.from({ length: 18 }, (_, minor) => `2.${minor}`),
  'Preview',
  'Unstable',
]

/** The version of a request without a header. */
const defaultVersion = '2.12'

/** The version that an earlier error reports: the requested one if it is accepted. */
export function namedVersion(header: string | undefined): string {
  return header !== undefined && versions.includes(header) ? header : defaultVersion
}

/** The version that applies, or 400 `intercom_version_invalid` (docs/intercom-api.md 1.3). */
export function versionOf(header: string | undefined): string {
  if (header === undefined || header === '') return defaultVersion
  if (!versions.includes(header)) {
    throw new ApiError(400, 'intercom_version_invalid', 'The requested version could not be found')
  }
  return header
}

/** Whether an accepted version is at least another one. */
export function isAtLeast(version: string, other: string): boolean {
  return versions.indexOf(version) >= versions.indexOf(other)
}

/** The operations that 2.12 lacks. */
export const otherOperations: readonly string[] = [
  ...Object.entries(operationsSince)
    .filter(([since]) => !isAtLeast(defaultVersion, since))
    .flatMap(([, operations]) => operations),
  ...Object.keys(operationsUntil),
]

/** An operation without the names of its parameters, which differ between routes and descriptions. */
export function nameless(operation: string): string {
  return operation.replaceAll(/\{[^/}]*\}/g, '{}')
}

const firsts = new Map(
  Object.entries(operationsSince).flatMap(([since, operations]) =>
    operations.map((operation) => [nameless(operation), since] as const),
  ),
)
const lasts = new Map(
  Object.entries(operationsUntil).map(([operation, until]) => [nameless(operation), until] as const),
)

/** The first and the last version of an operation; what is undefined is open. */
export function rangeOf(operation: string): { since: string | undefined; until: string | undefined } {
  const name = nameless(operation)
  return { since: firsts.get(name), until: lasts.get(name) }
}

/** Paths of 1.x that 2.x has not: 400 whatever the method (docs/intercom-api.md 1.3). */
const removed = /^\/(?:(?:users|leads|counts|bulk|subscriptions)(?:\/|$)|companies\/[^/]+\/users\/?$)/

export function isRemoved(path: string): boolean {
  return removed.test(path)
}

/** 400 for a path that another version has. */
export function notInThisVersion(): ApiError {
  const message = 'Requested resource is not available in current API version'
  return new ApiError(400, 'intercom_version_invalid', message)
}
