// A write whose first answer was lost and whose repetition is refused: it may have taken effect, and nothing says otherwise.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { actionNamed } from '../../src/actions/toolsets.ts'
import type { ActionName } from '../../src/index.ts'
import { actionExamples } from '../support/action-examples.ts'
import { errorList, type Received, type Reply, scriptedIntercom } from '../support/scripted-intercom.ts'
import { type ToolsetSubjects, toolsetExamples } from '../support/toolset-examples.ts'

const subjects: ToolsetSubjects = {
  ...{ contact: 'c', lead: 'l', admin: '9', tag: '7', conversation: '5', open: '5', closed: '6', team: '3' },
  ...{ tagged: { conversation: '5', tag: '7' }, taggedContact: { contact: 'c', tag: '7' } },
  ...{ company: '7', member: { contact: 'c', company: '7' }, draft: '8', ticketType: '1', ticket: '5' },
}
const attribute = { name: 'plan', full_name: 'custom_attributes.plan', custom: true, data_type: 'string' }
const type = { type: 'ticket_type', id: '1', name: 'Bug', category: 'Customer' }
const states = { data: [{ id: '2', category: 'in_progress', internal_label: 'In progress' }] }

const twin = 'a'.repeat(24)

/** What makes every action go on to its write. */
function read(path: string): object {
  if (path.startsWith('/data_attributes')) return { data: [attribute] }
  if (path.startsWith('/subscription_types')) return { data: [{ id: '37841', consent_type: 'opt_out' }] }
  if (path.startsWith('/articles/')) return { id: '8', state: 'draft' }
  if (path.startsWith('/ticket_types/')) return { ...type, ticket_states: states }
  if (path.startsWith('/tickets/'))
    return { id: '5', ticket_type: type, ticket_state: { id: '9', category: 'submitted' } }
  if (path.endsWith(twin)) return { id: twin, role: 'user', external_id: 'matrix-1' }
  const role = path.endsWith('/l') ? 'lead' : 'user'
  return {
    id: '5',
    role,
    state: path.endsWith('/6') ? 'closed' : 'open',
    tags: { tags: [{ id: '7' }] },
    data: [{ id: '7' }],
  }
}

const refusals = {
  400: errorList('parameter_invalid', 'It is not valid'),
  404: errorList('not_found', 'It is not there'),
  409: errorList('conflict', `A contact matching those details already exists with id=${twin}`),
  422: errorList('data_invalid', 'It cannot be'),
}

/** Calls an action of which the first write is lost, and all after it are refused. */
async function called(name: string, input: object, status: keyof typeof refusals) {
  const lost: Reply = (_, socket) => socket.destroy()
  let writes = 0
  const server = await scriptedIntercom(
    ({ method, path }: Received) => {
      if (path.endsWith('/search')) return { json: { data: [], total_count: 0 } }
      if (method === 'GET') return { json: read(path.split('?')[0] ?? '') }
      writes += 1
      return writes === 1 ? lost : { status, json: refusals[status] }
    },
    { toolsets: ['all'] as never },
  )
  const { failure, output } = await server.intercom.call(name, input)
  await server.close()
  return { failure, output, writes }
}

const examples = Object.entries({ ...actionExamples, ...toolsetExamples } as Record<
  ActionName,
  (of: unknown) => object
>)
for (const [name, example] of examples) {
  if (actionNamed(name)?.effect === 'read') continue
  test(`${name}: a refusal of the second attempt says nothing of the first`, async () => {
    for (const status of [400, 404, 409, 422] as const) {
      const { failure, output, writes } = await called(name, example(subjects), status)
      const said = `${status}: ${output.error}`
      assert.ok(writes > 0, said)
      if (status === 404 && output.success) continue // what was deleted is gone
      assert.equal(failure?.outcome, 'unknown', said)
      assert.doesNotMatch(
        String(output.error),
        /(?<!if so, )[Nn]othing (else )?was|was not (changed|sent|created)/,
        said,
      )
    }
  })
}
