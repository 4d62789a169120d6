/** What an answer says, as far as the next step depends on it. */
export type Refusal = {
  status: number
  /** Intercom's own; empty where it named none. */
  code: string
  message: string
  /** Whether it is in a form that is not Intercom's: a page, or JSON without an error list. */
  isForeign: boolean
  /** Whether what was read is a list or the like: a path without an id, which is always there. */
  isList: boolean
}

type Rule = {
  status?: number[]
  code?: RegExp
  message?: RegExp
  isForeign?: boolean
  isList?: boolean
  hint: string
}

const newToken = 'Create a new token in the Developer Hub (Configure > Authentication) and use it.'
const checkToken = 'Check the access token, and that the base URL is for its region.'
const conflict = /^(resource_)?conflict$/
const exists = 'It already exists: search for it, and change that one.'
const permission = 'The token lacks a permission for this; grant it in the Developer Hub.'
const plan =
  "The workspace's plan or subscription does not include this; no permission of the token changes that. Ask whoever pays for Intercom."
const inBetween =
  "The answer is not from Intercom's API but from something in between: a proxy, a firewall, a gateway at the base URL. Ask whoever runs it to let the request through."

/**
 * What to do about a refusal: the first rule that fits. What an answer says counts before its status
 * (docs/intercom-api.md 1.2, 1.3, 1.4, 1.6, 3.2). An action's own hints stand in where none fits.
 */
const rules: readonly Rule[] = [
  {
    status: [413, 414, 431],
    hint: 'It is too large: shorten the text, or send fewer or smaller attachments.',
  },
  {
    status: [407],
    hint: `A proxy asks for a user name and password: put them into HTTPS_PROXY. ${inBetween}`,
  },
  { status: [401], isForeign: true, hint: `Check the access token and the base URL. Or: ${inBetween}` },
  { isForeign: true, hint: inBetween },

  { code: /^api_plan_restricted$/, hint: plan },
  { message: /subscription (is )?(needed|required)/i, hint: plan },
  { code: /^token_(revoked|expired|not_found)$/, hint: newToken },
  {
    code: /^token_(blocked|suspended)$/,
    hint: `Intercom has blocked this token or its app: ask Intercom's support. ${newToken}`,
  },
  { code: /^missing_authorization$/, hint: `The token did not arrive. ${inBetween}` },
  { code: /^(token_unauthorized|action_forbidden)$/, hint: permission },
  { message: /unsubscribed/i, hint: 'Do not send this contact e-mail; message_type in_app may be allowed.' },
  {
    code: /^(intercom_version_invalid|media_type_not_acceptable)$/,
    hint: 'This client asks for version 2.12 and JSON. Check that nothing at the base URL changes its headers.',
  },
  {
    message: /starting[ _]?after/i,
    hint: 'The cursor is stale or from another search: start over without starting_after.',
  },
  { message: /per[ _]?page/i, hint: 'per_page is a whole number from 1 to 150.' },
  {
    message: /custom attribute .*does(n't| not) exist/i,
    hint: 'Create the attribute in Intercom (Settings > Data), or leave it out.',
  },
  { code: /^custom_data_limit_reached$/, hint: 'Archive attributes that nobody uses (Settings > Data).' },
  { code: /^not_restorable$/, hint: 'A contact that was blocked or deleted cannot be created again.' },
  {
    code: /^unique_user_constraint$/,
    hint: 'Several contacts match: say which one by its id or external_id.',
  },
  {
    code: conflict,
    message: /archived/i,
    hint: 'It exists and is archived: unarchive it in Intercom, or use another.',
  },
  { code: conflict, hint: exists },
  {
    code: /^(parameter_(invalid|not_found|missing)|missing_parameter|type_mismatch|data_invalid|bad_request|invalid_\w+)$/,
    hint: 'Correct what the message names, then repeat.',
  },
  { code: /^unauthorized$/, hint: checkToken },
  { code: /^forbidden$/, hint: permission },
  { status: [401], hint: checkToken },
  { status: [402], hint: plan },
  { status: [403], hint: permission },
  { status: [409], hint: exists },
  // Another code names what is missing, such as a company that was asked for by its name.
  {
    status: [404],
    code: /^(not_found)?$/,
    isList: true,
    hint: 'This path always exists: check the base URL.',
  },
  { status: [405], hint: 'This type of admin may not do this: use another admin.' },
  { status: [410], hint: 'It was merged or deleted: search for its successor.' },
]

/** The next step after a refusal; `null` where nothing but the message is known. */
export function hintFor(refusal: Refusal): string | null {
  const { status, code, message, isForeign, isList } = refusal
  const fits = (rule: Rule) =>
    (rule.status?.includes(status) ?? true) &&
    (rule.code?.test(code) ?? true) &&
    (rule.message?.test(message) ?? true) &&
    (rule.isForeign ?? isForeign) === isForeign &&
    (rule.isList ?? isList) === isList
  return rules.find(fits)?.hint ?? null
}
