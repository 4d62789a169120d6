import { createInterface } from 'node:readline/promises'

/**
 * Asks the person at the terminal. `card`: whom the call reaches, with which text, and all that would be sent. Approves
 * without a terminal: the customers of the examples are fictional.
 */
export async function approve(card: string): Promise<boolean> {
  console.log(`${card}\n`)
  if (!process.stdin.isTTY) return true
  const terminal = createInterface({ input: process.stdin, output: process.stdout })
  const answer = await terminal.question('Send it? [y/N] ')
  terminal.close()
  return answer.trim().toLowerCase() === 'y'
}
