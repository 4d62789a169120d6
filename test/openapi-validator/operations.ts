import type { Description, OpenApiOperation } from './openapi.ts'

/** An operation of the description; tables name it `GET /contacts/{id}`. */
export interface Route {
  readonly name: string
  readonly method: string
  readonly template: string
  readonly operation: OpenApiOperation
}

const METHODS = new Set(['get', 'post', 'put', 'patch', 'delete'])

/** Every operation of the description. Static paths come before those with parameters. */
export function routesOf(description: Description): Route[] {
  const routes = Object.entries(description.paths).flatMap(([template, item]) =>
    Object.entries(item)
      .filter(([method]) => METHODS.has(method))
      .map(([method, operation]) => ({
        name: `${method.toUpperCase()} ${template}`,
        method: method.toUpperCase(),
        template,
        operation,
      })),
  )
  return routes.sort((a, b) => parameterCount(a.template) - parameterCount(b.template))
}

/** The operation that a request addresses. The path may have a query; a parameter never matches an empty segment. */
export function findRoute(routes: readonly Route[], method: string, path: string): Route | undefined {
  const pathname = path.split('?', 1)[0] ?? ''
  return routes.find((route) => route.method === method && matches(route.template, pathname))
}

function matches(template: string, pathname: string): boolean {
  const expected = template.split('/')
  const given = pathname.split('/')
  return (
    expected.length === given.length &&
    expected.every((part, index) => (part.startsWith('{') ? given[index] !== '' : part === given[index]))
  )
}

function parameterCount(template: string): number {
  return template.split('{').length - 1
}
