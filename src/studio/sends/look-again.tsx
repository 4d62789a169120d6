import { useSignal } from '@preact/signals'
import { Labelled, Told, Words } from '../shell/parts/small.tsx'
import { useDo } from '../shell/read.ts'
import { ask, Refused } from '../shell/server.ts'
import type { Look } from './words.ts'

/**
 * Looks in Intercom for a send whose outcome is unknown; nothing is sent. Where the server no longer has the input, whoever
 * has it gives it: the server compares it with its hash.
 */
export function LookAgain({ id, action, onLooked }: { id: string; action: string; onLooked: () => void }) {
  const { run, isBusy, all } = useDo()
  const isInputNeeded = useSignal(false)
  const input = useSignal('')
  const came = useSignal<Look | null>(null)
  const look = () => {
    const given = isInputNeeded.peek() ? input.peek() : null
    return run({ key: `look ${given}`, slot: 'look', what: 'Looking in Intercom' }, async () => {
      came.value = null
      const body = given === null ? undefined : { input: jsonOf(given) }
      try {
        came.value = await ask<Look>('POST', `/sends/${encodeURIComponent(id)}/look`, body)
        onLooked()
      } catch (error) {
        if (codeOf(error) !== 'input_needed' || given !== null) throw error
        isInputNeeded.value = true
      }
    })
  }
  return (
    <form
      class="stack look-again"
      aria-label="Look again"
      onSubmit={(event) => {
        event.preventDefault()
        void look()
      }}
    >
      {isInputNeeded.value && (
        <Labelled
          label={`The input of this ${action}, as JSON`}
          hint="This server has only a hash of it left, with which it compares what you give. It is not kept."
        >
          {(ids) => (
            <textarea
              {...ids}
              rows={4}
              spellcheck={false}
              value={input.value}
              onInput={(event) => {
                input.value = event.currentTarget.value
              }}
            />
          )}
        </Labelled>
      )}
      <p class="row">
        <button type="submit" aria-disabled={isBusy}>
          Look in Intercom
        </button>
        <span class="quiet" role="status">
          {isBusy ? 'Looking; it may take ten seconds…' : 'It only reads: nothing is sent.'}
        </span>
      </p>
      {came.value !== null && (
        <p class="send-next" data-tone={came.value.look === 'unknown' ? 'warn' : 'ok'} role="status">
          <Words text={came.value.says} />
        </p>
      )}
      <Told of={all} />
    </form>
  )
}

function codeOf(error: unknown): unknown {
  return error instanceof Refused ? (error.body as { code?: unknown } | null)?.code : undefined
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Error('That is no JSON. Give the parameters of the call as one object: {"conversation_id": …}.')
  }
}
