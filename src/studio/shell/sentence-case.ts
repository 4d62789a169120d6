/** A name of the server's as a label: `waiting_on_customer` is `Waiting on customer`. What people named stays as it is. */
export function sentenceCase(name: string): string {
  return name.replaceAll('_', ' ').replace(/^./, (first) => first.toUpperCase())
}
