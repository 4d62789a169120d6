import { createInterface } from 'node:readline/promises'

/** Asks the person at the terminal. Approves without a terminal: the customers of the examples are fictional. */
export async function approve(tool: string, input: unknown): Promise<boolean> {
  console.log(`The agent wants to call ${tool}, which reaches a customer:`)
  console.log(JSON.stringify(input, null, 2))
  if (!process.stdin.isTTY) return true
  const terminal = createInterface({ input: process.stdin, output: process.stdout })
  const answer = await terminal.question('Send it? [y/N] ')
  terminal.close()
  return answer.trim().toLowerCase() === 'y'
}
