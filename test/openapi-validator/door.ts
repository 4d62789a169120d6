import { AssertionError } from 'node:assert/strict'
import type { Incoming, Outgoing } from '../../src/workspace/http/answer.ts'
import { loadReferee, type Referee } from './index.ts'
import { isUnjudged } from './unjudged.ts'

const referee = await loadReferee()
const complaints = new Set<string>()

/**
 * The same answers; one that is not as described is thrown at whoever asked, and makes the process end with 1, since
 * a fault or a client may swallow what is thrown. What a fault makes of an answer afterwards is not looked at.
 */
export function judged(answer: (incoming: Incoming) => Outgoing): (incoming: Incoming) => Outgoing {
  if (referee === null) return answer
  return (incoming) => {
    const outgoing = answer(incoming)
    const found = isUnjudged() ? [] : complaintsAbout(referee, incoming, outgoing)
    if (found.length === 0) return outgoing
    if (complaints.size === 0) process.once('exit', fail)
    for (const complaint of found) complaints.add(complaint)
    throw new AssertionError({ message: `Intercom would not speak so:\n${found.join('\n')}` })
  }
}

function complaintsAbout(judge: Referee, incoming: Incoming, { status, headers, body }: Outgoing): string[] {
  const version = incoming.header('intercom-version')
  const found = judge.checkResponse({
    method: incoming.method,
    path: incoming.target,
    status,
    headers: new Headers(headers),
    body: body === '' ? undefined : JSON.parse(body),
    requestHeaders: new Headers(version === undefined ? {} : { 'intercom-version': version }),
  })
  // A status that a test asked for by a fault may be any; all else about it holds.
  return incoming.refusal
    ? found.filter((complaint) => !/undocumented status|is not documented$/.test(complaint))
    : found
}

function fail(): void {
  process.stderr.write(`Intercom would not speak so:\n${[...complaints].join('\n')}\n`)
  process.exitCode = 1
}
