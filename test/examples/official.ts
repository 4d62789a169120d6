import { readDescription } from '../referee/openapi.ts'
import { routesOf } from '../referee/operations.ts'

/** One answer that Intercom's own description gives as an example. */
export interface OfficialExample {
  /** Operation, status and title: `GET /teams 200 successful`. */
  readonly name: string
  readonly operation: string
  readonly status: number
  readonly value: unknown
}

/** The families of the workspace. Of tickets it has what converting a conversation needs. */
const FAMILIES =
  /^\/(me|admins|contacts|notes|tags|conversations|messages|companies|segments|teams|subscription_types|data_attributes|events)\b/

/** Is this path (a template of the description) in one of the families that the workspace emulates? */
export function isEmulatedFamily(template: string): boolean {
  return FAMILIES.test(template)
}

/** Every example of an answer in the emulated families, in the order of the description. */
export async function officialExamples(file: string): Promise<OfficialExample[]> {
  const routes = routesOf(await readDescription(file))
  return routes
    .filter(({ template }) => isEmulatedFamily(template))
    .flatMap(({ name: operation, operation: { responses } }) =>
      Object.entries(responses).flatMap(([status, response]) =>
        Object.entries(response.content?.['application/json']?.examples ?? {}).map(([title, { value }]) => ({
          name: `${operation} ${status} ${title}`,
          operation,
          status: Number(status),
          value,
        })),
      ),
    )
}
