/** Work that can be interrupted at each `yield`: one text of at most 32 KB is read between two. */
export type Steps<T> = Generator<undefined, T, undefined>

/** How long others wait for it at a time, ms. */
const maxStepMs = 20

/** Does all of it at once. */
export function atOnce<T>(steps: Steps<T>): T {
  let step = steps.next()
  while (step.done !== true) step = steps.next()
  return step.value
}

/** Does the work and lets others go on every `maxStepMs`. */
export async function inTurns<T>(steps: Steps<T>): Promise<T> {
  let since = performance.now()
  let step = steps.next()
  while (step.done !== true) {
    if (performance.now() - since > maxStepMs) {
      await new Promise<void>((resolve) => void setImmediate(resolve))
      since = performance.now()
    }
    step = steps.next()
  }
  return step.value
}
