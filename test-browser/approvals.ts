import type { Approval } from '../src/composer/approval.ts'

/** When the examples are looked at: their times are told from here. */
export const now = Date.UTC(2026, 10, 27, 14, 20)
const minute = 60_000

/** An approval as the server gives it to a page: a reply by e-mail. */
export const reply: Approval = {
  id: 'apr_0123456789abcdefghijkl',
  state: 'waiting',
  action: 'reply_to_conversation',
  title: 'Reply to conversation',
  caller: 'support-agent',
  asked_by: 'Claude Desktop',
  created_at: now - 4 * minute,
  expires_at: now + 1436 * minute,
  decided_at: null,
  decided_by: null,
  road: null,
  reason: null,
  edited: null,
  outcome: null,
  input: {
    conversation_id: '215468',
    message_type: 'comment',
    reply_type: 'admin',
    admin_id: '814860',
    body: '<p>Hi Ada,</p><p>I am sorry about the bent wheel. A new one leaves our workshop today, and you should have it by Monday. Keep the old one; our courier picks it up.</p><p>Best,<br>Priya</p>',
  },
  preview: {
    to: [
      {
        type: 'contact',
        id: '66f2a1',
        name: 'Ada Okafor',
        email: 'ada@okafor.example',
        role: 'user',
        company: 'Okafor Couriers',
        warnings: ['Another contact has the same e-mail address: 66f2b7 (lead)'],
      },
    ],
    from: { type: 'admin', id: '814860', name: 'Priya Raman', email: 'priya@bicycles.example' },
    conversation: {
      id: '215468',
      subject: 'Bent wheel on arrival',
      state: 'open',
      last: [
        {
          by: 'Ada Okafor',
          kind: 'user',
          at: (now - 190 * minute) / 1000,
          text: 'The front wheel came bent. I need the bike for deliveries on Monday. Can you help?',
          note: false,
        },
        {
          by: 'Jonas Weber',
          kind: 'admin',
          at: (now - 40 * minute) / 1000,
          text: 'Two of these wheels are left in Leipzig.',
          note: true,
        },
        {
          by: 'Ada Okafor',
          kind: 'user',
          at: (now - 12 * minute) / 1000,
          text: 'Any news? A refund would be fine as well.',
          note: false,
        },
      ],
    },
    channel: 'e-mail',
    text: '<p>Hi Ada,</p><p>I am sorry about the bent wheel. A new one leaves our workshop today, and you should have it by Monday. Keep the old one; our courier picks it up.</p><p>Best,<br>Priya</p>',
    shown:
      'Hi Ada,\n\nI am sorry about the bent wheel. A new one leaves our workshop today, and you should have it by Monday. Keep the old one; our courier picks it up.\n\nBest,\nPriya',
    textParameter: 'body',
    attachments: ['https://files.bicycles.example/return-label-215468.pdf'],
    notes: [],
  },
}

/** An approval that has nothing to show but its parameters. */
export const deletion: Approval = {
  ...reply,
  id: 'apr_deletion3456789abcdefg',
  action: 'delete_contact',
  title: 'Delete a contact',
  input: { contact_id: '66f2b7' },
  preview: {
    to: [
      {
        type: 'contact',
        id: '66f2b7',
        name: null,
        email: 'ada@okafor.example',
        role: 'lead',
        company: null,
        warnings: [],
      },
    ],
    from: null,
    conversation: null,
    channel: null,
    text: null,
    shown: null,
    textParameter: null,
    attachments: [],
    notes: ['It cannot be undone.'],
  },
}

/** The same approval with a text wherever a text can stand. */
export function filledWith(text: string): Approval {
  const { preview } = reply
  return {
    ...reply,
    title: text,
    caller: text,
    asked_by: text,
    input: { [text]: text, body: text, nested: { [text]: [text] } },
    preview: preview && {
      ...preview,
      to: [
        { type: text, id: text, name: text, email: text, role: text, company: text, warnings: [text, text] },
      ],
      from: { type: text, id: text, name: text, email: text },
      conversation: {
        id: text,
        subject: text,
        state: text,
        last: [{ by: text, kind: 'user', at: now / 1000, text, note: false }],
      },
      channel: text,
      text,
      shown: `${text} `,
      attachments: [text],
      notes: [text],
    },
  }
}
