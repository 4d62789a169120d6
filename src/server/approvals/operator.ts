/** Who decides on calls that need a person. An operator's key calls no action, and no API key decides. */
export type Operator = {
  name: string
  /** `null`: they sign in. */
  keyHash: Buffer | null
  /** Whose access tokens are theirs, and of which client. Tokens of that client call no action. */
  signIn?: { subject: string; client: string }
  /** The callers whose approvals they see; `null`: all. */
  callers: readonly string[] | null
  /** Aborted once they are an operator no more, or another entry has taken their place. */
  ended?: AbortController
}

/** Whether an operator may see, and decide on, the approvals of a caller. */
export function mayDecideFor(operator: Operator, caller: string): boolean {
  return operator.callers?.includes(caller.split(':', 1)[0] ?? '') ?? true // of a key in a workspace that it chose
}
