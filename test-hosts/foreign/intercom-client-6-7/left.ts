import type { Row } from '../rest.ts'
import type { World } from './world.ts'

/** Operations of versions after 2.12, and of none that is published, each of which has to be refused. */
export function leftOf({ client, leave }: World, operations: readonly string[]): () => Promise<void> {
  return async () => {
    for (const operation of operations) {
      const known = later.find((part) => operation.replace('unstable.', '').startsWith(part))
      const unpublished = unknown.find((part) => operation.replace('unstable.', '').startsWith(part))
      const path = operation.split('.')
      const method = String(path.pop())
      const holder = () => path.reduce((part: Row, name) => part[name], client as Row)
      const call = async () => holder()[method](anything)
      if (known)
        await leave(
          operation,
          'of a version after 2.12: 501 `not_emulated`',
          call,
          /not_emulated|not_acceptable/,
        )
      else if (unpublished)
        await leave(operation, 'in no published description of the API: 404', call, /Status code: 404/)
    }
  }
}

/** The beginnings of their names. */
const later = [
  ...[
    'export.',
    'dataExport.exportReportingData',
    'dataExport.downloadReportingDataExport',
    'internalArticles.',
  ],
  ...[
    'ipAllowlist.',
    'contacts.blockContact',
    'contacts.showContactByExternalId',
    'customObjectInstances.',
    'jobs.',
  ],
  ...[
    'calls.',
    'tickets.enqueueCreateTicket',
    'tickets.deleteTicket',
    'notes.listCompanyNotes',
    'brands.',
    'emails.',
  ],
  ...['conversations.listHandlingEvents', 'workflows.', 'macros.', 'messages.getWhatsAppMessageStatus'],
]
const unknown = ['customChannelEvents.']

/** Whatever these operations ask for. */
const anything = {
  ...{
    id: '1',
    job_identifier: 'j',
    app_id: 'a',
    client_id: 'c',
    internal_article_id: 1,
    contact_id: '1',
    job_id: '1',
  },
  ...{
    external_id: 'x',
    custom_object_type_identifier: 'Order',
    custom_object_instance_id: '1',
    ticket_id: '1',
  },
  ...{
    call_id: '1',
    conversation_ids: ['1'],
    phone_number: '+15550100',
    enabled: false,
    title: 'T',
    author_id: 1,
  },
  ...{ event_id: 'e', external_conversation_id: 'c', contact: { type: 'user', external_id: 'x' }, body: 'B' },
  ...{
    quick_reply_option_id: '1',
    attribute: { id: 'i', value: 'v' },
    ticket_type_id: '1',
    contacts: [{ id: '1' }],
  },
  ...{
    dataset_id: 'conversation',
    attribute_ids: ['conversation_id'],
    start_time: 1,
    end_time: 2,
    ruleset_id: 'r',
  },
}
