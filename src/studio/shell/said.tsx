import { signal } from '@preact/signals'

type Said = { sentence: string; action: { label: string; run: () => void } | null }

const said = signal<Said | null>(null)
let timer: ReturnType<typeof setTimeout> | undefined
/** What can be undone stays longer. */
const shortMs = 4000
const longMs = 12_000

/** Tells in a line at the foot of the page what was done, with a way back where there is one. */
export function say(sentence: string, action: Said['action'] = null): void {
  clearTimeout(timer)
  said.value = { sentence, action }
  timer = setTimeout(hush, action === null ? shortMs : longMs)
}

function hush(): void {
  said.value = null
}

export function SaidLine() {
  const now = said.value
  return (
    <div class="said" role="status">
      {now !== null && (
        <p>
          {now.sentence}
          {now.action !== null && (
            <button
              type="button"
              class="plain"
              onClick={() => {
                hush()
                now.action?.run()
              }}
            >
              {now.action.label}
            </button>
          )}
        </p>
      )}
    </div>
  )
}
