/** Examples that the workspace does not repeat, and why. */
export interface Mismatch {
  /** The section of docs/intercom-api.md that says so. */
  readonly section: string
  readonly reason: string
  /** Names of examples: operation, status, title. */
  readonly examples: readonly string[]
  /** Keys that our answer has and the example lacks; a key stands for all beneath it. */
  readonly more?: readonly string[]
  /** Keys that the example has and our answer lacks. */
  readonly less?: readonly string[]
  /** No request of this API makes the example's situation. */
  readonly unreachable?: true
}

/** Every difference between an example and our answer stands here, and nothing that is none. */
export const MISMATCHES: readonly Mismatch[] = [
  {
    section: '2.14',
    reason: 'a workspace has a help center; that of the example has none',
    more: ['data'],
    examples: ['GET /help_center/help_centers 200 Help Centers found'],
  },
  {
    section: '2.6',
    reason: 'objects and custom_attributes live, where the examples have null, {} or nothing',
    more: ['statistics', 'teammates', 'topics', 'custom_attributes'],
    examples: [
      'GET /conversations 200 successful',
      'GET /conversations/{id} 200 conversation found',
      'PUT /conversations/{id} 200 conversation found',
      'POST /conversations/search 200 successful',
      'POST /conversations/{id}/reply 200 User reply',
      'POST /conversations/{id}/reply 200 Admin note reply',
      'POST /conversations/{id}/reply 200 User last conversation reply',
      'POST /conversations/{id}/parts 200 Close a conversation',
      'POST /conversations/{id}/parts 200 Snooze a conversation',
      'POST /conversations/{id}/parts 200 Open a conversation',
      'POST /conversations/{id}/parts 200 Assign a conversation',
      'POST /conversations/redact 200 Redact a conversation part',
    ],
  },
  {
    section: '2.3',
    reason: 'live contacts have the SMS keys and lack enabled_push_messaging',
    more: ['sms_consent', 'unsubscribed_from_sms'],
    less: ['enabled_push_messaging'],
    examples: [
      'GET /contacts/{id} 200 successful',
      'PUT /contacts/{id} 200 successful',
      'POST /contacts 200 successful',
      'POST /contacts/merge 200 successful',
      'POST /visitors/convert 200 successful',
    ],
  },
  {
    section: '2.1',
    reason: 'live admins have team_priority_level',
    more: ['team_priority_level'],
    examples: [
      'GET /admins 200 Successful response',
      'GET /admins/{id} 200 Admin found',
      'PUT /admins/{id}/away 200 Successful response',
    ],
  },
  {
    section: '2.1',
    reason: 'a single admin has away_status_reason_id live, a listed one has not',
    more: ['away_status_reason_id'],
    examples: ['GET /admins/{id} 200 Admin found', 'PUT /admins/{id}/away 200 Successful response'],
  },
  {
    section: '2.4',
    reason: "a note's author is a whole admin live",
    more: [
      ...['author.away_status_reason_id', 'author.has_inbox_seat', 'author.team_ids'],
      'author.team_priority_level',
    ],
    examples: [
      'GET /contacts/{id}/notes 200 Successful response',
      'POST /contacts/{id}/notes 200 Successful response',
      'GET /notes/{id} 200 Note found',
    ],
  },
  {
    section: '2.12',
    reason: 'optional: teams of the seed have members with a priority, the team of the example has nobody',
    more: ['admin_priority_level'],
    examples: ['GET /teams/{id} 200 successful'],
  },
  {
    section: '2.10',
    reason: 'the owner of a live message says nothing about being away',
    less: ['owner.away_mode_enabled', 'owner.away_mode_reassign'],
    examples: ['POST /messages 200 admin message created'],
  },
  {
    section: '2.5',
    reason: 'a tag taken off a conversation has no applied_by live',
    less: ['applied_by'],
    examples: ['DELETE /conversations/{conversation_id}/tags/{id} 200 successful'],
  },
  {
    section: '3.5',
    reason: 'no operation of 2.12 makes a custom object instance',
    unreachable: true,
    examples: [
      'PUT /conversations/{id} 200 update a conversation with an association to a custom object instance',
    ],
  },
  {
    section: '3.10',
    reason: 'no operation makes anything depend on an attribute',
    unreachable: true,
    examples: ['PUT /data_attributes/{id} 422 Has Dependant Object'],
  },
  {
    section: '3.4',
    reason: 'no operation makes a segment that depends on a tag',
    unreachable: true,
    examples: ['DELETE /tags/{id} 400 Tag has dependent objects'],
  },
  {
    section: '2.11',
    reason: "the example's request does not send the attribute that its answer holds; live adds another",
    less: ['custom_attributes.industry'],
    examples: ['POST /companies 200 Successful'],
  },
  {
    section: '2.11',
    reason: 'companies that the API made say so live',
    more: ['custom_attributes.creation_source', 'data[].custom_attributes.creation_source'],
    examples: [
      'POST /companies 200 Successful',
      'GET /companies 200 Successful',
      'POST /companies/list 200 Successful',
      'GET /companies/scroll 200 Successful',
      'GET /companies/{id} 200 Successful',
      'PUT /companies/{id} 200 Successful',
      'POST /contacts/{id}/companies 200 Successful',
      'GET /contacts/{id}/companies 200 successful',
      'DELETE /contacts/{contact_id}/companies/{id} 200 Successful',
    ],
  },
  {
    section: '2.11',
    reason: 'attaching and detaching answer with notes live',
    more: ['notes'],
    examples: [
      'POST /contacts/{id}/companies 200 Successful',
      'DELETE /contacts/{contact_id}/companies/{id} 200 Successful',
    ],
  },
  {
    section: '2.12',
    reason: 'the example has a next page of no events; here the last page has none',
    less: ['pages.next'],
    examples: ['GET /events 200 Successful response'],
  },
  {
    section: '2.13',
    reason: 'the example has a type without attributes; made by the API, every type has two',
    more: ['ticket_type.ticket_type_attributes.data', 'ticket_attributes'],
    examples: ['POST /conversations/{id}/convert 200 successful'],
  },
  {
    section: '2.13',
    reason: 'the fields of the examples were filed without input options; made by the API, text has them',
    more: ['input_options'],
    examples: [
      'GET /tickets/{id} 200 Ticket found',
      'POST /tickets 200 Successful response',
      'PUT /tickets/{id} 200 Successful response',
      'POST /tickets/search 200 successful',
      'PUT /ticket_types/{ticket_type_id}/attributes/{id} 200 Ticket Type Attribute updated',
    ],
  },
  {
    section: '3.14',
    reason: 'the number is in the schema, the link in the example',
    more: ['phone'],
    examples: ['POST /phone_call_redirects 200 successful'],
  },
  {
    section: '3.14',
    reason: 'nothing is sent that could fail',
    unreachable: true,
    examples: [
      'POST /phone_call_redirects 400 bad request - exception sending sms',
      'POST /phone_call_redirects 422 unprocessable entity',
    ],
  },
]
