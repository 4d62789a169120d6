// The three names that the Intercom node takes from n8n-workflow, a package that brings 160 MB with it.

/** The name of the only kind of connection that the node has. */
export const NodeConnectionTypes = { Main: 'main' }

/** An error of the service. */
export class NodeApiError extends Error {
  readonly description: string
  constructor(_node: object, error: Error) {
    super(error.message)
    this.description = error.message
  }
}

/** An error of the node. */
export class NodeOperationError extends Error {
  constructor(_node: object, error: Error | string) {
    super(String(error))
  }
}
