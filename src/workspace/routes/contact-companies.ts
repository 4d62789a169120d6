import { seconds } from '../clock.ts'
import { ApiError, missing } from '../http/api-error.ts'
import type { Route, RouteCall } from '../http/call.ts'
import { decodeCursor, offsetPages, pageNumber, perPage } from '../http/pages.ts'
import { listedContacts, listPage, type Order } from '../search/list.ts'
import { company, companyWithNotes } from '../shapes/company.ts'
import { contact } from '../shapes/contact.ts'
import { attach, detach } from '../store/companies.ts'
import type { CompanyRow } from '../store/company-tables.ts'
import type { ContactRow } from '../store/contact-tables.ts'
import { announce } from '../webhooks/announce.ts'
import { companyNotFound, findCompany } from './find-company.ts'
import { activeContact } from './find-contact.ts'

/** How many companies one contact may be in (docs/intercom-api.md 3.2). */
const mostCompanies = 1000

function attachCompany(call: RouteCall) {
  const { store, params, body } = call
  const person = activeContact(store, params['id'])
  const given = body.get('id')
  if (given === undefined || given === null || given === '') throw missing('company not specified')
  const row = findCompany(store, given)
  const inside = store.db.number('SELECT count(*) FROM contact_companies WHERE contact_seq = ?', person.seq)
  if (inside >= mostCompanies && !isIn(call, person, row)) {
    const message = `Contact has reached the maximum of ${mostCompanies} company associations`
    throw new ApiError(400, 'contact_company_limit_exceeded', message)
  }
  const added = attach(store, person.seq, row, seconds(store.clock))
  const now = findCompany(store, row.id)
  if (added) announceMember(call, 'company.contact.attached', person, now)
  return companyWithNotes(store, now)
}

function isIn({ store }: RouteCall, person: ContactRow, { seq }: CompanyRow): boolean {
  const sql = 'SELECT count(*) FROM contact_companies WHERE contact_seq = ? AND company_seq = ?'
  return store.db.number(sql, person.seq, seq) > 0
}

function detachCompany(call: RouteCall) {
  const { store, params } = call
  const person = activeContact(store, params['id'])
  const row = findCompany(store, params['sub'])
  if (!detach(store, person.seq, row)) throw companyNotFound()
  const now = findCompany(store, row.id)
  announceMember(call, 'company.contact.detached', person, now)
  return companyWithNotes(store, now)
}

function announceMember(
  call: RouteCall,
  topic: 'company.contact.attached' | 'company.contact.detached',
  person: ContactRow,
  row: CompanyRow,
): void {
  const { store } = call
  announce(call, topic, () => ({
    type: 'company_contact',
    company: company(store, row),
    contact: contact(store, person),
  }))
}

function companiesOf({ store, params, query, origin }: RouteCall) {
  const person = activeContact(store, params['id'])
  const size = perPage(query.get('per_page'), 50)
  const page = pageNumber(query.get('page'))
  const total = store.db.number('SELECT count(*) FROM contact_companies WHERE contact_seq = ?', person.seq)
  const rows = store.db.all<CompanyRow>(
    `SELECT companies.* FROM contact_companies JOIN companies ON companies.seq = company_seq
     WHERE contact_seq = ? ORDER BY attached_at, company_seq LIMIT ? OFFSET ?`,
    person.seq,
    size,
    (page - 1) * size,
  )
  return {
    type: 'list',
    data: rows.map((row) => company(store, row)),
    pages: offsetPages(page, size, total, `${origin}/contacts/${person.id}/companies`),
    total_count: total,
  }
}

/** The plus keeps SQLite from walking through everybody in this order: a company's people are few. */
const oldestFirst: Order = {
  sql: '+created_at',
  values: [],
  descending: false,
  keyDescending: false,
  isTime: true,
}

function contactsOf({ store, params, query }: RouteCall) {
  const row = findCompany(store, params['id'])
  const after = query.get('starting_after')
  const where = {
    sql: `seq IN (SELECT contact_seq FROM contact_companies WHERE company_seq = ?) AND +standing = 'active'`,
    values: [row.seq],
  }
  const { rows, total, pages } = listPage<ContactRow>(
    store.db,
    listedContacts,
    where,
    oldestFirst,
    after ? decodeCursor(after) : undefined,
    perPage(query.get('per_page'), 50),
  )
  return { type: 'list', data: rows.map((person) => contact(store, person)), total_count: total, pages }
}

/**
 * Who is in which company (docs/intercom-api.md 3.2). Detaching what is not attached is a 404, attaching
 * twice is no error.
 */
export const contactCompanyRoutes: readonly Route[] = [
  { method: 'GET', path: '/contacts/:id/companies', handle: companiesOf },
  { method: 'POST', path: '/contacts/:id/companies', handle: attachCompany },
  { method: 'DELETE', path: '/contacts/:id/companies/:sub', handle: detachCompany },
  { method: 'GET', path: '/companies/:id/contacts', handle: contactsOf },
  {
    method: 'GET',
    path: '/companies/:id/segments',
    handle: ({ store, params }) => {
      findCompany(store, params['id'])
      // The standard segments hold people.
      return { type: 'list', data: [] }
    },
  },
]
