import type { Mistakes } from './mistake.ts'

const upsert = 'src/actions/upsert-contact.test.ts'

export const actions: Mistakes[] = [
  {
    file: 'src/actions/reply-to-conversation.ts',
    tests: ['src/actions/reply-to-conversation.test.ts', 'test/actions/actions.test.ts'],
    edits: [
      ["comment: ['comment', 'open', 'assign_and_reopen']", "comment: ['comment', 'open']"],
      ["['user', 'lead', 'contact']", "['user', 'contact']"],
      ['a.created_at - b.created_at', 'b.created_at - a.created_at'],
      ["value.toLowerCase() !== 'last'", "value !== 'last'"],
      ['urls.length <= 10', 'urls.length < 10'],
      [
        'const sent = { message_type, type: reply_type',
        "const sent = { message_type: 'comment', type: reply_type",
      ],
    ],
  },
  {
    file: 'src/actions/create-note.ts',
    tests: ['src/actions/create-note.test.ts'],
    edits: [
      [
        'note.author !== null && note.author.id === me.id',
        'note.author === null || note.author.id === me.id',
      ],
      ['.reverse()', ''],
    ],
  },
  {
    file: 'src/actions/send-incoming-message.ts',
    tests: ['src/actions/send-incoming-message.test.ts'],
    edits: [
      ['value: since - 1', 'value: since'],
      ['source === null || source.author.id !== contact_id', 'source === null'],
      ["if (role !== 'user' && role !== 'lead')", 'if (role === undefined)'],
    ],
  },
  {
    file: 'src/actions/send-message-to-contact.ts',
    tests: ['src/actions/send-message-to-contact.test.ts'],
    edits: [
      ['last_contacted_at >= since', 'last_contacted_at > since'],
      ["message.message_type === 'email' ? 'email' : 'inapp'", 'message.message_type'],
      ['String(number) === id && Number.isSafeInteger', 'Number.isSafeInteger'],
    ],
  },
  {
    file: 'src/actions/get-conversation.ts',
    tests: ['test/compact/threads.test.ts', 'test/actions/actions.test.ts'],
    edits: [
      ['parts.slice(0, end), total_count', 'parts.slice(0, end + 1), total_count'],
      ['list.total_count - (parts.length - end)', 'list.total_count - end'],
    ],
  },
  {
    file: 'src/actions/search/query.ts',
    tests: ['src/actions/search/query.test.ts'],
    edits: [
      ["items.length === 0 || items.includes('')", 'items.length === 0'],
      ['filters.length > maxFilters', 'filters.length >= maxFilters'],
      ["operator === '=' || operator === '!='\n", "operator === '='\n"],
    ],
  },
  {
    file: 'src/actions/search/value.ts',
    tests: ['src/actions/search/query.test.ts'],
    edits: [
      ['/^-?\\d{1,16}$/.test(given.trim())', '/^-?\\d{1,16}$/.test(given)'],
      ['language.wholeDays ? 12 * 3600 : 0', 'language.wholeDays ? 12 * 3600 : 12 * 3600'],
      ['Math.abs(number) < tooLateForSeconds)', 'number < tooLateForSeconds)'],
      ['new Date(midnight).toISOString().slice(0, 10) !== day', 'midnight === 0'],
    ],
  },
  {
    file: 'src/actions/upsert-contact.ts',
    tests: [upsert, 'test/actions/attempts.test.ts'],
    edits: [
      ['email.toLowerCase()', 'email'],
      ['if (fields.external_id !== undefined)', 'if (fields.external_id === undefined)'],
      ["fields.role === 'lead' ? 'non-idempotent'", "fields.role !== 'user' ? 'non-idempotent'"],
      [
        'external_id === undefined || contact.external_id === external_id',
        'contact.external_id === external_id',
      ],
      ["failure.outcome === 'not_sent' ? 'rejected' : failure.outcome", 'failure.outcome'],
      ["semantics: 'idempotent' })\n  const restored", "semantics: 'non-idempotent' })\n  const restored"],
    ],
  },
]
