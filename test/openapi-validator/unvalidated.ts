let depth = 0

/** Runs something that breaks answers on purpose, such as a store that lacks a table: they are not validated. */
export async function unvalidated<Result>(act: () => Result | Promise<Result>): Promise<Result> {
  depth += 1
  try {
    return await act()
  } finally {
    depth -= 1
  }
}

/** Whether answers are exempt at this moment. */
export function isUnvalidated(): boolean {
  return depth > 0
}
