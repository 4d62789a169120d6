import type { Operator } from './approvals/operator.ts'
import { forbidden } from './host-guard.ts'
import { type Keyed, ownerOf } from './keys.ts'
import type { Refusal } from './refusal.ts'
import type { CurrentSignIn } from './sign-in/sign-in.ts'
import { wrongKeys } from './wrong-keys.ts'

/** How long what somebody has shown is good, and whether it still is. A key is good until its owner is gone. */
export type Proof = {
  /** Unix ms. */
  until?: number | undefined
  /** Why it is good no more. */
  check?: (() => Promise<Refusal | null>) | undefined
}

export type KeyOrToken = ReturnType<typeof keyOrToken>

export type KeyOrTokenOptions = {
  operators: readonly Operator[]
  /** Their keys open nothing here, and are shown to nobody. */
  callers?: readonly Keyed[] | undefined
  signIn?: CurrentSignIn | undefined
  wrong?: ReturnType<typeof wrongKeys> | undefined
}

/** Who an operator is by what they show where a browser asks for it: a key, or an access token of theirs. */
export function keyOrToken({ operators, callers = [], signIn, wrong = wrongKeys() }: KeyOrTokenOptions) {
  /** Of a token; never a key of this server. */
  async function byToken(
    token: string,
  ): Promise<{ operator: Operator; until?: number | undefined } | Refusal> {
    const who = (await signIn?.current?.identify(token)) ?? wrongKey
    return 'status' in who || 'operator' in who ? who : notAnOperator
  }

  return {
    operators,
    wrong,
    /** `network`: where it comes from, since wrong ones from one place are limited. */
    async operatorBy(shown: string, network: string): Promise<({ operator: Operator } & Proof) | Refusal> {
      const operator = ownerOf(operators, shown)
      if (operator !== undefined) return { operator }
      const isToken = /^[\x21-\x7e]+$/.test(shown) && ownerOf(callers, shown) === undefined
      const who = isToken ? await byToken(shown) : wrongKey
      if ('status' in who) return who.status === 401 ? wrong.refused(network, who) : who
      const check = async () => {
        const now = await byToken(shown)
        return 'status' in now ? now : now.operator === who.operator ? null : notAnOperator
      }
      return { ...who, check }
    },
  }
}

const wrongKey: Refusal = {
  status: 401,
  code: 'wrong_key',
  error:
    'This is not the key of an operator, nor their access token. An API key of an agent decides nothing.',
}

const notAnOperator = forbidden(
  'not_an_operator',
  "This access token is not an operator's. Sign in with the client that is for operators.",
)
