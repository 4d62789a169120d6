/** A parameter of a fault, as its form asks for it. */
export type Parameter =
  | { name: string; label: string; type: 'number'; value: number; min: number; max: number; required?: true }
  | { name: string; label: string; type: 'text'; value: string; hint?: string }
  | {
      name: string
      label: string
      type: 'choice'
      value: string
      options: readonly [value: string, label: string][]
    }

export type Kind = {
  kind: string
  label: string
  /** What the caller gets. */
  says: string
  parameters?: readonly Parameter[]
}

const ms = (value: number): Parameter => ({
  name: 'ms',
  label: 'Milliseconds',
  type: 'number',
  value,
  min: 0,
  max: 600_000,
  required: true,
})
const bytes = (value: number, max: number): Parameter => ({
  name: 'bytes',
  label: 'Bytes',
  type: 'number',
  value,
  min: 1,
  max,
})

/** Kinds of faults as docs/workspace.md lists them: what is asked has no effect, or has, whatever the caller is told. */
export const kinds: readonly { effect: string; says: string; kinds: readonly Kind[] }[] = [
  {
    effect: 'Nothing happens',
    says: 'The request has no effect: it may be sent again.',
    kinds: [
      {
        kind: 'status',
        label: 'An error of Intercom’s',
        says: 'The status, with the code and the words that Intercom gives it.',
        parameters: [
          { name: 'status', label: 'Status', type: 'number', value: 503, min: 400, max: 599, required: true },
          {
            name: 'code',
            label: 'Code',
            type: 'text',
            value: '',
          },
          { name: 'message', label: 'Message', type: 'text', value: '' },
        ],
      },
      {
        kind: 'rate_limited',
        label: 'Rate limited',
        says: 'A 429, as if the window were used up.',
        parameters: [
          {
            name: 'reset',
            label: 'X-RateLimit-Reset',
            type: 'choice',
            value: 'window',
            options: [
              ['window', 'The true end of the window'],
              ['past', '30 seconds ago'],
              ['far', 'A day ahead'],
            ],
          },
        ],
      },
      {
        kind: 'html',
        label: 'A gateway’s page',
        says: 'HTML in place of JSON, without Intercom’s headers.',
        parameters: [{ name: 'status', label: 'Status', type: 'number', value: 502, min: 400, max: 599 }],
      },
      { kind: 'reset', label: 'Connection reset', says: 'The connection breaks before the body is read.' },
      { kind: 'hang', label: 'No answer', says: 'The request is read, and nothing comes back.' },
    ],
  },
  {
    effect: 'It happens, and the caller does not learn of it',
    says: 'The request takes effect. Sent again blindly, it would happen twice.',
    kinds: [
      {
        kind: 'commit_reset',
        label: 'Done, then reset',
        says: 'The connection breaks in place of the answer.',
      },
      { kind: 'commit_502', label: 'Done, then 502', says: 'A gateway answers 502 in HTML.' },
      { kind: 'commit_cut', label: 'Done, answer cut', says: 'Half a body, then the connection closes.' },
      {
        kind: 'cut_commit',
        label: 'Reset, done later',
        says: 'The connection breaks at once; the request takes effect afterwards.',
        parameters: [ms(500)],
      },
      { kind: 'stall', label: 'Headers only', says: 'The headers come, the body never does.' },
    ],
  },
  {
    effect: 'It happens, and the answer is odd',
    says: 'The request takes effect, and the answer comes, in a way that few programs expect.',
    kinds: [
      {
        kind: 'delay',
        label: 'Late',
        says: 'The answer comes later. The request takes effect even if the caller has left.',
        parameters: [ms(3000)],
      },
      {
        kind: 'drip',
        label: 'In drops',
        says: 'The body comes in small pieces.',
        parameters: [{ ...ms(100) }, bytes(16, 1_000_000)],
      },
      {
        kind: 'cut_json',
        label: 'Half the JSON',
        says: 'The JSON ends in the middle of an otherwise complete answer.',
      },
      {
        kind: 'huge',
        label: 'Huge',
        says: 'The JSON is followed by that many blanks.',
        parameters: [bytes(67_108_864, 1_073_741_824)],
      },
      {
        kind: 'content_type',
        label: 'Another content type',
        says: 'The JSON says that it is something else.',
        parameters: [{ name: 'value', label: 'Content-Type', type: 'text', value: 'text/html' }],
      },
      {
        kind: 'rate_headers',
        label: 'Odd rate limit headers',
        says: 'The X-RateLimit headers are missing, old or nonsense.',
        parameters: [
          {
            name: 'value',
            label: 'How',
            type: 'choice',
            value: 'absent',
            options: [
              ['absent', 'Missing'],
              ['stale', 'Remaining as in a fresh window'],
              ['past', 'Reset 30 seconds ago'],
              ['far', 'Reset a day ahead'],
              ['absurd', 'Not numbers'],
            ],
          },
        ],
      },
      {
        kind: 'duplicate_headers',
        label: 'Headers twice',
        says: 'Content type, request id and rate limit headers come twice.',
      },
    ],
  },
]

export function kindOf(name: string): Kind | undefined {
  return kinds.flatMap((group) => group.kinds).find(({ kind }) => kind === name)
}
