import type { Desk, Question } from './desk.ts'
import {
  always,
  fresh,
  makeUser,
  myId,
  NOBODY,
  type Situation,
  type Situations,
  seeded,
} from './situation.ts'

const away = { away_mode_enabled: true, away_mode_reassign: true }
const ring = { name: 'The One Ring', model: 'company', data_type: 'string' }
const options = [{ value: '1-10' }, { value: '11-20' }]
const description = 'Just a plain old ring'

/** A company attribute that exists, and what is asked of it. */
function forged(question: (id: number) => Question): Situation {
  return fresh(async (desk) => {
    const { id } = await desk.ask<{ id: number }>('POST', '/data_attributes', ring)
    return question(id)
  })
}

/** The first id in a list of a seeded workspace. */
async function first(desk: Desk, path: string, key: string): Promise<string> {
  const list = await desk.ask<Record<string, { id: string }[]>>('GET', path)
  return list[key]?.[0]?.id ?? 'none'
}

/** A subscription type of the seed, by the consent it asks for. */
async function subscriptionType(desk: Desk, consent: 'opt_in' | 'opt_out'): Promise<string> {
  const { data } = await desk.ask<{ data: { id: string; consent_type: string }[] }>(
    'GET',
    '/subscription_types',
  )
  return data.find(({ consent_type }) => consent_type === consent)?.id ?? 'none'
}

/** Admins, teams, segments, subscription types, data attributes and events. */
export const settingSituations: Situations = {
  'GET /admins 200 Successful response': always('/admins'),
  'GET /admins/{id} 200 Admin found': fresh(async (desk) => ({ path: `/admins/${await myId(desk)}` })),
  'GET /admins/{id} 404 Admin not found': always('/admins/123'),
  'PUT /admins/{id}/away 200 Successful response': fresh(async (desk) => ({
    path: `/admins/${await myId(desk)}/away`,
    body: away,
  })),
  'PUT /admins/{id}/away 404 Admin not found': always('/admins/123/away', away),
  'GET /admins/activity_logs 200 Successful response': seeded(async (desk) => {
    const all = await desk.ask<{ activity_logs: { activity_type: string; created_at: number }[] }>(
      'GET',
      '/admins/activity_logs?created_at_after=1300000000&per_page=50',
    )
    const when = (type: string) =>
      all.activity_logs.find(({ activity_type }) => activity_type === type)?.created_at
    const range = `created_at_after=${when('app_name_change')}&created_at_before=${when('message_state_change')}`
    return { path: `/admins/activity_logs?${range}` }
  }),

  'GET /teams 200 successful': always('/teams'),
  'GET /teams/{id} 200 successful': seeded(async (desk) => ({
    path: `/teams/${await first(desk, '/teams', 'teams')}`,
  })),
  'GET /teams/{id} 404 Team not found': always('/teams/123'),

  'GET /segments 200 Successful response': always('/segments'),
  'GET /segments/{id} 200 Successful response': fresh(async (desk) => ({
    path: `/segments/${await first(desk, '/segments', 'segments')}`,
  })),
  'GET /segments/{id} 404 Segment not found': always(`/segments/${NOBODY}`),

  'GET /subscription_types 200 Successful': always('/subscription_types'),
  'GET /contacts/{contact_id}/subscriptions 200 Successful': seeded(async (desk) => {
    const path = `/contacts/${await makeUser(desk)}/subscriptions`
    for (const consent_type of ['opt_out', 'opt_in'] as const) {
      await desk.ask('POST', path, { id: await subscriptionType(desk, consent_type), consent_type })
    }
    return { path }
  }),
  'GET /contacts/{contact_id}/subscriptions 404 Contact not found': always(
    `/contacts/${NOBODY}/subscriptions`,
  ),
  'POST /contacts/{contact_id}/subscriptions 200 Successful': seeded(async (desk) => ({
    path: `/contacts/${await makeUser(desk)}/subscriptions`,
    body: { id: Number(await subscriptionType(desk, 'opt_in')), consent_type: 'opt_in' },
  })),
  'POST /contacts/{contact_id}/subscriptions 404 Contact not found': seeded(async (desk) => ({
    path: `/contacts/${NOBODY}/subscriptions`,
    body: { id: Number(await subscriptionType(desk, 'opt_in')), consent_type: 'opt_in' },
  })),
  'POST /contacts/{contact_id}/subscriptions 404 Resource not found': fresh(async (desk) => ({
    path: `/contacts/${await makeUser(desk)}/subscriptions`,
    body: { id: 'invalid_id', consent_type: 'opt_in' },
  })),
  'DELETE /contacts/{contact_id}/subscriptions/{id} 200 Successful': seeded(async (desk) => {
    const path = `/contacts/${await makeUser(desk)}/subscriptions`
    const id = await subscriptionType(desk, 'opt_in')
    await desk.ask('POST', path, { id, consent_type: 'opt_in' })
    return { path: `${path}/${id}` }
  }),
  'DELETE /contacts/{contact_id}/subscriptions/{id} 404 Contact not found': seeded(async (desk) => ({
    path: `/contacts/${NOBODY}/subscriptions/${await subscriptionType(desk, 'opt_in')}`,
  })),
  'DELETE /contacts/{contact_id}/subscriptions/{id} 404 Resource not found': fresh(async (desk) => ({
    path: `/contacts/${await makeUser(desk)}/subscriptions/invalid_id`,
  })),

  'GET /data_attributes 200 Successful response': always('/data_attributes'),
  'POST /data_attributes 200 Successful': always('/data_attributes', {
    name: 'Mithril Shirt',
    model: 'company',
    data_type: 'string',
  }),
  'POST /data_attributes 400 Same name already exists': forged(() => ({
    path: '/data_attributes',
    body: { ...ring, data_type: 'integer' },
  })),
  'POST /data_attributes 400 Invalid name': always('/data_attributes', { ...ring, name: '!nv@l!d n@me' }),
  'POST /data_attributes 400 Attribute already exists': forged(() => ({
    path: '/data_attributes',
    body: ring,
  })),
  'POST /data_attributes 400 Invalid Data Type': always('/data_attributes', {
    ...ring,
    data_type: 'mithril',
  }),
  'POST /data_attributes 400 Too few options for list': always('/data_attributes', {
    description,
    options: [{ value: '1-10' }],
    archived: false,
  }),
  'PUT /data_attributes/{id} 200 Successful': forged((id) => ({
    path: `/data_attributes/${id}`,
    body: { description, options, archived: false },
  })),
  'PUT /data_attributes/{id} 400 Too few options in list': forged((id) => ({
    path: `/data_attributes/${id}`,
    body: { description: 'Too few options', options: { value: '1-10' }, archived: false },
  })),
  'PUT /data_attributes/{id} 404 Attribute Not Found': always('/data_attributes/999999', {
    description,
    options,
    archived: false,
  }),

  'GET /events 200 Successful response': fresh(async (desk) => {
    await makeUser(desk)
    return { path: '/events?type=user&user_id=70&summary=true' }
  }),
}
