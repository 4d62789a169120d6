const earlier = new WeakMap<object, object>()

/** Keeps what a thing was before an action changed it, as far as the action had to read it. */
export function keepEarlier<Thing extends object>(now: Thing, before: object): Thing {
  earlier.set(now, before)
  return now
}

/** What a thing was before the action that answered it; `undefined` where that was not read. */
export function earlierOf(now: object): object | undefined {
  return earlier.get(now)
}
