import { ApiError } from './api-error.ts'

/** Versions that the workspace accepts; the official SDK sends 2.11 and 2.14 (docs/intercom-api.md 9). */
const versions = ['2.11', '2.12', '2.13', '2.14']

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

/**
 * Operations outside 2.12 and the versions, of those accepted, that do have them (docs/intercom-api.md 1.3).
 */
export const otherVersions: readonly (readonly [operation: string, has: readonly string[]])[] = [
  ['POST /contacts/{id}/block', ['2.13', '2.14']],
  ['GET /contacts/find_by_external_id/{id}', ['2.13', '2.14']],
  ['DELETE /conversations/{id}', ['2.13', '2.14']],
  ['GET /away_status_reasons', ['2.14']],
  ['GET /calls', ['2.14']],
  ['GET /calls/{id}', ['2.14']],
  ['GET /calls/{id}/recording', ['2.14']],
  ['GET /calls/{id}/transcript', ['2.14']],
  ['POST /calls/search', ['2.14']],
  ['POST /conversations/{id}/run_assignment_rules', ['2.11']],
  ['GET /macros', []],
  ['GET /macros/{id}', []],
]

/** Whether an accepted version is at least another one. */
export function isAtLeast(version: string, other: string): boolean {
  return versions.indexOf(version) >= versions.indexOf(other)
}

/** 400 for a path that another version has. */
export function notInThisVersion(): ApiError {
  const message = 'Requested resource is not available in current API version'
  return new ApiError(400, 'intercom_version_invalid', message)
}
