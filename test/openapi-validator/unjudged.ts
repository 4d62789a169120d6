let depth = 0

/** Waits for what makes Intercom's answer wrong on purpose, such as a store that lacks a table; it passes as it is. */
export async function unjudged<Result>(act: () => Result | Promise<Result>): Promise<Result> {
  depth += 1
  try {
    return await act()
  } finally {
    depth -= 1
  }
}

/** Whether the answer that is being given is exempt. */
export function isUnjudged(): boolean {
  return depth > 0
}
