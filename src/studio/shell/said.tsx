import { signal } from '@preact/signals'
import { Link } from './router.tsx'

type Said = { sentence: string; action: { label: string; run: () => void } | null }

const said = signal<Said | null>(null)
/** What went wrong out of sight, until somebody has taken note of it. */
const warnings = signal<readonly { sentence: string; to: string | null }[]>([])
let timer: ReturnType<typeof setTimeout> | undefined
const shownMs = 4000

/** Tells in a line at the foot of the page what was done; with a way back, which stays as long as that may be wanted. */
export function say(sentence: string, action: Said['action'] = null): void {
  clearTimeout(timer)
  said.value = { sentence, action }
  if (action === null) timer = setTimeout(hush, shownMs)
}

/** Tells what went wrong with something that is not in view any more; `to` is where it was, below /studio. */
export function warn(sentence: string, to: string | null = null): void {
  warnings.value = [...warnings.peek().filter((one) => one.sentence !== sentence), { sentence, to }]
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
            <>
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
              <button type="button" class="plain" onClick={hush}>
                Hide
              </button>
            </>
          )}
        </p>
      )}
      {warnings.value.map((one) => {
        const hide = () => {
          warnings.value = warnings.peek().filter((other) => other !== one)
        }
        return (
          <p key={one.sentence} role="alert">
            {one.sentence}
            {one.to !== null && <Link to={one.to}>Go there</Link>}
            <button type="button" class="plain" onClick={hide}>
              Hide
            </button>
          </p>
        )
      })}
    </div>
  )
}
