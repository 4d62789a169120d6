import type { Exchange, Violation } from './log.ts'

/** One thing that prism finds and that the description has wrong, not the workspace. */
interface Listed {
  /** The end of a violation's place. */
  readonly place: RegExp
  /** A part of its message. */
  readonly message: string
  /** The section of docs/intercom-api.md that says how it really is. */
  readonly section: string
  readonly reason: string
}

/** The few things in which prism is overruled: docs/intercom-api.md knows better than the description. */
export const LISTED: readonly Listed[] = [
  {
    place: /^response$/,
    message: 'Unable to match the returned status code',
    section: '1.2 to 1.4',
    reason: 'errors that the description omits; the validator has a list for each operation',
  },
  {
    place: /^response\.body\.request_id$/,
    message: 'must match format "uuid"',
    section: '1.1',
    reason: 'twenty characters in production',
  },
  {
    place: /\.(tags|notes|companies|opted_(in|out)_subscription_types)(\.data\.\*)?\.(url|type)$/,
    message: 'must match format "uri"',
    section: '2.3',
    reason: 'paths without a host, and a word',
  },
  { place: /\.avatar$/, message: 'must be object', section: '2.3, 8', reason: 'the address itself' },
  { place: /\.email$/, message: 'must be string', section: '2.3', reason: 'a lead may have none' },
  { place: /\.pages\.next$/, message: 'must be object', section: '1.6', reason: 'an address in link pages' },
  { place: /\.applied_by$/, message: 'must be object', section: '2.5', reason: 'null once it is taken off' },
  {
    place: /\.data\.\*\.model$/,
    message: 'contact, company',
    section: '2.12',
    reason: 'conversations have attributes too',
  },
  {
    place: /^response\.body\.type$/,
    message: 'allowed values: list',
    section: '3.7',
    reason: 'one company when it is asked for by name or company_id',
  },
  {
    place: /^response\.body\.type$/,
    message: 'allowed values: event.summary',
    section: '2.12',
    reason: 'event.list without summary',
  },

  {
    place: /^response\.body\.email$/,
    message: 'must match format "email"',
    section: '3.13',
    reason: 'a visitor without one has an empty text, as in the examples',
  },
  {
    place: /^request\.body\.user$/,
    message: 'must ',
    section: '3.13',
    reason: 'an e-mail names a user too',
  },
  {
    place: /^request\.body\.(sender_id|newsfeed_assignments\.\*\.newsfeed_id)$/,
    message: 'must be integer',
    section: '1.7',
    reason: 'ids are taken as numbers and as text',
  },
  {
    place: /^request\.body$/,
    message: "required property 'title'",
    section: '3.19',
    reason: 'only what is given of a news item changes',
  },
  {
    place: /^request\.body$/,
    message: "required property 'sender_id'",
    section: '3.19',
    reason: 'only what is given of a news item changes',
  },

  {
    place: /^request\.header\.intercom-version$/,
    message: 'allowed values',
    section: '1.3',
    reason: 'the SDK asks for 2.14',
  },
  {
    place: /^request$/,
    message: 'No supported content types',
    section: '1.1, 3.7',
    reason: 'bodies where the description has none',
  },
  {
    place: /^request\.path\.(id|contact_id)$/,
    message: 'must be integer',
    section: '1.7',
    reason: 'ids of contacts have 24 hex digits',
  },
  {
    place: /^request\.body\.(admin_id|from\.id)$/,
    message: 'must ',
    section: '1.7',
    reason: 'ids are taken as numbers and as text, and are no UUIDs',
  },
  {
    place: /^request\.body\.message_type$/,
    message: 'in_app, email',
    section: '3.6, 8',
    reason: 'live, SDK and title say inapp',
  },
  {
    place: /^request\.body\.to\.type$/,
    message: 'user, lead',
    section: '3.6',
    reason: 'contact, live',
  },
  {
    place: /^request\.body$/,
    message: "required property 'companies'",
    section: '3.4',
    reason: 'one of four shapes',
  },
  {
    place: /^request\.body$/,
    message: 'exactly one schema in oneOf',
    section: '3.4',
    reason: 'the shapes of POST /tags overlap',
  },
  {
    place: /^request\.body\.options\.\*$/,
    message: 'must be string',
    section: '3.10',
    reason: 'options go in as objects',
  },
  {
    place: /^request\.body\.monthly_spend$/,
    message: 'must be integer',
    section: '3.7',
    reason: 'fractions are cut off',
  },
  {
    place: /^request\.query\.filter$/,
    message: '',
    section: '3.11',
    reason: 'user_id and the like are parameters of their own',
  },
  {
    place: /^request\.body\.metadata\./,
    message: 'must be string',
    section: '3.11',
    reason: 'values are flat, of any type',
  },
]

/** Which row a violation falls under; one that the workspace refused as well needs none. */
export function listedAs(violation: Violation): Listed | undefined {
  return LISTED.find(
    ({ place, message }) => place.test(violation.place) && violation.message.includes(message),
  )
}

/** A request that prism finds wrong and the workspace refuses: both say the same. */
export function isRefused({ status }: Exchange, { place }: Violation): boolean {
  return status >= 400 && /^request\b/.test(place)
}

/** A path of another version, which the workspace knows and the description of 2.12 does not. */
export function isOfAnotherVersion({ violations }: Exchange): boolean {
  return violations.some(({ message }) => message === 'Selected route not found')
}
