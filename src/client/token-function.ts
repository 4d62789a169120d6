import { failureOf, IntercomError } from '../errors.ts'
import { bounded, type Call } from './call.ts'
import { checkedToken, type TokenFunction } from './credentials.ts'
import { stillUnknown } from './http-result.ts'

/**
 * The token that a function gives for one attempt, within the call's deadline. Rejects with an `IntercomError` that
 * holds nothing of a token. `unknown`: whether an earlier attempt may have taken effect.
 */
export async function currentToken(give: TokenFunction, call: Call, unknown: boolean): Promise<string> {
  const token = (async () => checkedToken(await give(), noToken))().catch((error: unknown) => {
    throw unknown ? stillUnknown(unavailable(error)) : unavailable(error)
  })
  await bounded(call, token, unknown)
  return await token
}

const noToken = 'Nothing was sent: the accessToken function gave none.'

/** What somebody else's error says is not repeated: it may hold the token, or what the token is kept with. */
function unavailable(error: unknown): IntercomError {
  if (error instanceof IntercomError)
    return new IntercomError(error.message, { ...failureOf(error), outcome: 'not_sent' })
  return new IntercomError(`the accessToken function failed (${kindOf(error)})`, {
    code: 'token_unavailable',
    retryable: true,
    hint: 'Nothing was sent. Its own message is not repeated, since it may hold a secret; log it in the function.',
  })
}

function kindOf(error: unknown): string {
  if (!(error instanceof Error)) return 'it threw no error'
  const name = /^[A-Z]\w{0,30}(Error|Exception)$/.test(error.name) ? error.name : 'Error'
  const code = 'code' in error && /^[A-Z][A-Z_]{2,30}$/.test(String(error.code)) ? ` ${error.code}` : ''
  return `${name}${code}`
}
