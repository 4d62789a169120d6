import { readDescription } from '../../openapi-validator/openapi.ts'
import { routesOf } from '../../openapi-validator/operations.ts'

/** One answer that Intercom's own description gives as an example. */
export interface OfficialExample {
  /** Operation, status and title: `GET /teams 200 successful`. */
  readonly name: string
  readonly operation: string
  readonly status: number
  readonly value: unknown
}

const FAMILIES =
  /^\w+ \/(me|admins|contacts|notes|tags|conversations|messages|companies|segments|teams|subscription_types|data_attributes|events|articles|help_center|ai|news|export|download)\b/

/** What converting a conversation needs; the rest of tickets is not emulated. */
const TICKETS: readonly string[] = [
  'GET /ticket_states',
  'GET /ticket_types',
  'POST /ticket_types',
  'GET /ticket_types/{id}',
  'GET /tickets/{id}',
]

/** Is this operation (`GET /teams/{id}`) one of those that the workspace means to emulate? */
export function isMeantToBeEmulated(operation: string): boolean {
  return FAMILIES.test(operation) || TICKETS.includes(operation)
}

/** Every example of an answer in the emulated families, in the order of the description. */
export async function officialExamples(file: string): Promise<OfficialExample[]> {
  const routes = routesOf(await readDescription(file))
  return routes
    .filter(({ name }) => isMeantToBeEmulated(name))
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
