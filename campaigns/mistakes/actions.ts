import type { Mistakes } from './mistake.ts'

const upsert = 'src/actions/upsert-contact.test.ts'

const desk = 'test/actions/desk.test.ts'
const toolsets = 'test/tools/toolsets.test.ts'
const readBacks = 'test/actions/read-backs.test.ts'
const refused = 'test/actions/refused-repeats.test.ts'
const keys = 'test/bulk/keys.test.ts'

export const actions: Mistakes[] = [
  {
    file: 'src/actions/reply-to-conversation.ts',
    tests: ['src/actions/reply-to-conversation.test.ts', 'test/actions/actions.test.ts'],
    edits: [["value.toLowerCase() !== 'last'", "value !== 'last'"]],
  },
  {
    file: 'src/actions/reply/read-back.ts',
    tests: ['src/actions/reply-to-conversation.test.ts', 'test/actions/actions.test.ts', readBacks],
    edits: [
      ["comment: ['comment', 'open', 'assign_and_reopen']", "comment: ['comment', 'open']"],
      ["['user', 'lead', 'contact']", "['user', 'contact']"],
      ['a.created_at - b.created_at', 'b.created_at - a.created_at'],
      ['return { message_type, type: reply_type', "return { message_type: 'comment', type: reply_type"],
      [' && hasFilesLike(part, reply)', ''],
    ],
  },
  {
    file: 'src/actions/reply/fields.ts',
    tests: ['src/actions/reply-to-conversation.test.ts'],
    edits: [['urls.length <= 10', 'urls.length < 10']],
  },
  {
    file: 'src/actions/create-note.ts',
    tests: ['src/actions/create-note.test.ts'],
    edits: [
      ["[String(me.id), ''].includes(String(note.author?.id ?? ''))", 'String(me.id) === note.author?.id'],
      ['(note.author?.id ?? null) !== null && isSame(note.body)', 'isSame(note.body)'],
      ['.reverse()', ''],
    ],
  },
  {
    file: 'src/actions/send-incoming-message.ts',
    tests: ['src/actions/send-incoming-message.test.ts'],
    edits: [
      ['value: since - 1', 'value: since'],
      ['by !== null && by !== contact_id', 'by === contact_id'],
      ['by === contact_id && isSame(source.body)', 'isSame(source.body)'],
      ["if (role === 'user' || role === 'lead') return role", 'if (role !== undefined) return role'],
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
    file: 'src/actions/desk/part.ts',
    tests: [desk, readBacks],
    edits: [
      ['if (isSo(conversation)) return', 'if (admin_id === undefined && isSo(conversation)) return'],
      ["author?.type === 'admin' &&\n", "author?.type !== 'user' &&\n"],
      ['at === parts.length - 1', 'at === 0'],
      ['a.created_at - b.created_at', 'b.created_at - a.created_at'],
      ['isMade(part, input))', 'isMade(part, input) !== null)'],
    ],
  },
  {
    file: 'src/actions/desk/assign-conversation.ts',
    tests: [desk],
    edits: [
      ["assignee_type === 'team' ?", "assignee_id === '0' ?"],
      ['id: assigned ?? 0', 'id: assigned ?? 1'],
      ["if (assignee_id === '0') return (assigned_to?.id ?? null) === null\n", ''],
      ["part_type !== 'assignment' && part_type !== 'assign_and_reopen'", "part_type !== 'assignment'"],
      ['assigned_to?.type === assignee_type && String', 'assigned_to?.type === assignee_type || String'],
    ],
  },
  {
    file: 'src/actions/desk/open-conversation.ts',
    tests: [desk],
    edits: [["part_type === 'open' && !body", "part_type === 'open' && body !== ''"]],
  },
  {
    file: 'src/actions/desk/snooze-conversation.ts',
    tests: [desk, readBacks],
    edits: [
      ['snoozed_until === wanted.snoozed_until', 'Number(snoozed_until) > 0'],
      ['isNewest && isSnoozed(conversation, wanted)', 'isSnoozed(conversation, wanted)'],
    ],
  },
  {
    file: 'src/actions/toolsets.ts',
    tests: [toolsets],
    edits: [
      ["chosen.includes('all') || chosen.includes(set)", 'chosen.includes(set)'],
      ['sets.includes(set) ||', 'sets.length > 0 ||'],
      ['  tickets: [listTeams],\n', ''],
    ],
  },
  {
    file: 'src/actions/select.ts',
    tests: [toolsets],
    edits: [
      ["list === 'only' && !offered.includes(action)", '!offered.includes(action)'],
      ["list === 'only' && !offered.includes(action)", "list === 'deny' && !offered.includes(action)"],
      ["effect !== 'read') return false", "effect === 'send') return false"],
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
    tests: ['src/actions/search/query.test.ts', 'src/actions/search/exact.test.ts'],
    edits: [
      ['wholeDays ? 12 * 3600 : 0', 'wholeDays ? 12 * 3600 : 12 * 3600'],
      ['const text = trimmed(given)', 'const text = given'],
      ['exact && !partial.includes(operator)', 'exact'],
    ],
  },
  {
    file: 'src/actions/types/seconds.ts',
    tests: ['src/actions/search/query.test.ts', 'src/actions/attributes/values.test.ts'],
    edits: [
      ['/^-?\\d{1,16}$/.test(given.trim())', '/^-?\\d{1,16}$/.test(given)'],
      ['Math.abs(number) < tooLateForSeconds)', 'number < tooLateForSeconds)'],
      ['new Date(midnight).toISOString().slice(0, 10) !== day', 'midnight === 0'],
      ['-?\\d{8,}', '-?\\d{14,}'],
    ],
  },
  {
    file: 'src/actions/search/exact.ts',
    tests: ['src/actions/search/exact.test.ts'],
    edits: [
      ['const digits = /^\\d+$/', 'const digits = /./'],
      ['{ value: composed(text) }', '{ value: text }'],
      ['const word = text.toLowerCase()', 'const word = text'],
      ["!isWord && (text === 'null'", "(text === 'null'"],
    ],
  },
  {
    file: 'src/actions/types/email.ts',
    tests: ['src/actions/types/email.test.ts'],
    edits: [
      ["text.normalize('NFKC') === text", 'true'],
      ['found.length === 1 ? found[0] : undefined', 'found[0]'],
      ['composed(one).toLowerCase()', 'composed(one)'],
    ],
  },
  {
    file: 'src/actions/types/html.ts',
    tests: ['src/actions/types/html.test.ts'],
    edits: [
      ['!officeElement.test(token.name)', 'true'],
      ['hiding.has(token.name) && !ends', 'false'],
      ['token.attributes.size === 0 && ', ''],
      ['token.bare.some((name) => !bareAttribute.test(name))', 'token.bare.length > 0'],
      ["replace(blankReferences, ' ')", "replace(blankReferences, '&')"],
    ],
  },
  {
    file: 'src/actions/attributes/values.ts',
    tests: ['src/actions/attributes/values.test.ts'],
    edits: [
      ["return name.endsWith('_at')", 'return false'],
      ["'fresh').catch(() => null)", "'fresh')"],
    ],
  },
  {
    file: 'src/actions/upsert-contact.ts',
    tests: [upsert, 'test/actions/attempts.test.ts', refused, keys],
    edits: [
      ['composed(email).toLowerCase()', 'email'],
      [
        'if (fields.external_id === undefined) return await update',
        'if (fields.external_id !== undefined) return await update',
      ],
      [" || (outcome === 'rejected' && conflict.outcome === 'unknown')", ''],
      ["fields.role === 'lead' ? 'non-idempotent'", "fields.role !== 'user' ? 'non-idempotent'"],
      [
        'external_id === undefined || contact.external_id === external_id',
        'contact.external_id === external_id',
      ],
      ["failure.outcome === 'not_sent' ? 'rejected' : failure.outcome", 'failure.outcome'],
      ["semantics: 'idempotent' })\n  const restored", "semantics: 'non-idempotent' })\n  const restored"],
    ],
  },
  {
    file: 'src/actions/upsert/made-with.ts',
    tests: [readBacks],
    edits: [
      ['digits(contact.phone) === digits(phone)', "contact.phone !== ''"],
      ['isNamed(contact.name) &&', 'contact.name !== null &&'],
      ['typeof shown === typeof given && shown !== given', 'shown !== given'],
    ],
  },
  {
    file: 'src/actions/contacts/merge-contacts.ts',
    tests: [readBacks],
    edits: [['answer.updated_at >= since', 'answer.updated_at > 0']],
  },
  {
    file: 'src/actions/contacts/upsert-tag.ts',
    tests: [keys],
    edits: [['name.trim().toLowerCase()', 'name.trim()']],
  },
  {
    file: 'src/actions/knowledge/create-article.ts',
    tests: [readBacks],
    edits: [
      ['asked.every(', 'asked.some('],
      ['String(article.parent_id) === collection_id', "String(article.parent_id) !== ''"],
    ],
  },
  {
    file: 'src/actions/tickets/create-ticket.ts',
    tests: [readBacks],
    edits: [['otherwise.includes(name) || words', "name !== '' || words"]],
  },
  {
    file: 'src/actions/tickets/update-ticket-state.ts',
    tests: ['test/actions/tickets-toolset.test.ts'],
    edits: [[' || state?.category === categoryOf(wanted)', '']],
  },
  {
    file: 'src/actions/upsert/clear.ts',
    tests: [upsert],
    edits: [
      ["external_id: ''", 'external_id: null'],
      ['.filter(isClearable)) {', '.slice(0, 0)) {'],
    ],
  },
]
