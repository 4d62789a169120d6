/** Whether people outside the team get to see a part: what is said in a thread, except notes. */
export function reachesCustomers({ part_type, body }: { part_type?: unknown; body?: unknown }): boolean {
  return part_type !== 'note' && body !== null && body !== undefined
}

/** {@link reachesCustomers} in SQL, for rows of `conversation_parts`. */
export const reachingParts = `part_type <> 'note' AND body IS NOT NULL`
