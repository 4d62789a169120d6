/** Writes a result to stdout, which holds JSON only. */
export function printJson(value: unknown): void {
  console.log(JSON.stringify(value, null, 2))
}

/** Writes one line of JSON to stdout, for programs that read it line by line. */
export function printJsonLine(value: unknown): void {
  console.log(JSON.stringify(value))
}

/** Says something to a person, on stderr. */
export function say(text: string): void {
  console.error(text)
}
