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

const FAMILIES = new RegExp(
  `^\\w+ /(${[
    ...['me', 'admins', 'contacts', 'notes', 'tags', 'conversations', 'messages', 'companies', 'segments'],
    ...['teams', 'subscription_types', 'data_attributes', 'events'],
    ...['tickets', 'ticket_types', 'ticket_states', 'articles', 'help_center', 'ai', 'news', 'export'],
    ...['download', 'visitors', 'phone_call_redirects'],
  ].join('|')})\\b`,
)

/** Is this operation (`GET /teams/{id}`) one of those that the workspace means to emulate? */
export function isMeantToBeEmulated(operation: string): boolean {
  return FAMILIES.test(operation)
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
