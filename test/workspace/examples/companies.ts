import type { Desk, Question } from './desk.ts'
import {
  always,
  fresh,
  makeCompany,
  makeCompanyOf,
  makeUser,
  NOBODY,
  type Situation,
  type Situations,
} from './situation.ts'

/** A company with one user. */
function staffed(
  question: (ids: { desk: Desk; id: string; contact: string }) => Question | Promise<Question>,
): Situation {
  return fresh(async (desk) => {
    const contact = await makeUser(desk)
    return question({ desk, contact, id: await makeCompanyOf(desk, contact) })
  })
}

/** A company that nobody is in. */
function empty(question: (id: string) => Question): Situation {
  return fresh(async (desk) => question(await makeCompany(desk)))
}

/** Companies, and companies of contacts. */
export const companySituations: Situations = {
  'POST /companies 200 Successful': always('/companies', {
    company_id: 'company_remote_id',
    name: 'my company',
    remote_created_at: 1_374_138_000,
  }),
  'POST /companies 400 Bad Request': always('/companies', { test: 'invalid' }),
  'GET /companies 200 Successful': staffed(() => ({ path: '/companies' })),
  'GET /companies 404 Company Not Found': always('/companies?company_id=none'),
  'GET /companies/{id} 200 Successful': staffed(({ id }) => ({ path: `/companies/${id}` })),
  'GET /companies/{id} 404 Company Not Found': always(`/companies/${NOBODY}`),
  'PUT /companies/{id} 200 Successful': staffed(({ id }) => ({
    path: `/companies/${id}`,
    body: { name: 'company2' },
  })),
  'PUT /companies/{id} 404 Company Not Found': always(`/companies/${NOBODY}`, { name: 'company2' }),
  'DELETE /companies/{id} 200 Successful': staffed(({ id }) => ({ path: `/companies/${id}` })),
  'DELETE /companies/{id} 404 Company Not Found': always(`/companies/${NOBODY}`),
  'GET /companies/{id}/contacts 200 Successful': empty((id) => ({ path: `/companies/${id}/contacts` })),
  'GET /companies/{id}/contacts 404 Company Not Found': always(`/companies/${NOBODY}/contacts`),
  'GET /companies/{id}/segments 200 Successful': empty((id) => ({ path: `/companies/${id}/segments` })),
  'GET /companies/{id}/segments 404 Company Not Found': always(`/companies/${NOBODY}/segments`),
  'POST /companies/list 200 Successful': staffed(() => ({ path: '/companies/list' })),
  'GET /companies/scroll 200 Successful': staffed(() => ({ path: '/companies/scroll' })),

  'POST /contacts/{id}/companies 200 Successful': fresh(async (desk) => ({
    path: `/contacts/${await makeUser(desk)}/companies`,
    body: { id: await makeCompany(desk) },
  })),
  'POST /contacts/{id}/companies 400 Bad Request': fresh(async (desk) => ({
    path: `/contacts/${await makeUser(desk)}/companies`,
    body: {},
  })),
  'POST /contacts/{id}/companies 400 Contact Company Limit Exceeded': fresh(async (desk) => {
    const path = `/contacts/${await makeUser(desk)}/companies`
    for (let number = 0; number < 1000; number += 1) {
      await desk.ask('POST', path, { id: await makeCompany(desk, `limit-${number}`) })
    }
    return { path, body: { id: await makeCompany(desk) } }
  }),
  'POST /contacts/{id}/companies 404 Company Not Found': fresh(async (desk) => ({
    path: `/contacts/${await makeUser(desk)}/companies`,
    body: { id: '123' },
  })),
  'GET /contacts/{id}/companies 200 successful': fresh(async (desk) => {
    const contact = await makeUser(desk, { last_seen_at: 1_736_028_708 })
    await makeCompanyOf(desk, contact)
    return { path: `/contacts/${contact}/companies` }
  }),
  'GET /contacts/{id}/companies 404 Contact not found': always(`/contacts/${NOBODY}/companies`),
  'DELETE /contacts/{contact_id}/companies/{id} 200 Successful': staffed(({ contact, id }) => ({
    path: `/contacts/${contact}/companies/${id}`,
  })),
  'DELETE /contacts/{contact_id}/companies/{id} 404 Company Not Found': staffed(({ contact }) => ({
    path: `/contacts/${contact}/companies/${NOBODY}`,
  })),
  'DELETE /contacts/{contact_id}/companies/{id} 404 Contact Not Found': staffed(({ id }) => ({
    path: `/contacts/${NOBODY}/companies/${id}`,
  })),
}
