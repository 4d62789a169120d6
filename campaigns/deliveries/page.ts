import type { Case } from './cases.ts'
import type { Crashed } from './crashes.ts'

/** docs/deliveries.md. */
export function deliveriesPage(cases: Case[], crashed: Crashed, seed: number): string {
  const { events, deliveries, unanswered, copies, kills, lost, once, twice, begunAgain, seconds } = crashed
  const n = (count: number) => count.toLocaleString('en')
  return `# Deliveries, measured

Made by \`npm run campaign:deliveries\` on Node.js ${process.version}. \`npm run campaign:deliveries -- --slice\` is the same with fewer events, and writes nothing; both fail when an event is lost or an answer is another than it should be.

## Every kind of delivery

Sent over a socket to the server of \`modulex-intercom serve\`, one kind after the other.

| delivery | answers | handler runs |
|---|---|--:|
${cases.map(({ name, answers, runs }) => `| ${name} | ${answers} | ${runs} |`).join('\n')}

Events of one conversation wait for each other, and of those that wait the oldest runs first; one that comes after a newer one has been handled is handled after it ([why](../decisions/webhooks.md)).

## Killed receivers

${n(events)} events about 500 conversations, from a sender that, like Intercom, takes anything but 200 within 5 s for a failure; it sends again after 0.1 s in place of a minute, and until it is answered in place of once. ${n(copies)} events were sent once more although they had been answered. The receiver handles each in up to 20 ms and was ended with SIGKILL at random moments (seed ${seed}) and started again.

| | |
|---|--:|
| deliveries | ${n(deliveries)} |
| without an answer | ${n(unanswered)} |
| receivers killed | ${kills} |
| **events lost** | **${n(lost)}** |
| handled to the end once | ${n(once)} |
| handled to the end more than once | ${n(twice)} |
| begun more than once | ${n(begunAgain)} |
| seconds | ${Math.round(seconds)} |

An event is *begun more than once* when a kill fell into its handling: it then ran again under the same key, which is what makes the repetition harmless. *To the end more than once*: the kill fell between the handler's end and the note of it.
`
}
