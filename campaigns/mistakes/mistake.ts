/** Mistakes that a maintainer could make in one file, and the tests that should notice them. */
export type Mistakes = {
  file: string
  tests: readonly string[]
  /** A text that stands in the file exactly once, and what is written in its place; TypeScript must accept it. */
  edits: readonly (readonly [find: string, replace: string])[]
}

/** One of them. `place`: the part of the package it is in. */
export type Mistake = { place: string; file: string; tests: readonly string[]; find: string; replace: string }

export function mistakesOf(places: Readonly<Record<string, readonly Mistakes[]>>): Mistake[] {
  return Object.entries(places).flatMap(([place, files]) =>
    files.flatMap(({ file, tests, edits }) =>
      edits.map(([find, replace]) => ({ place, file, tests, find, replace })),
    ),
  )
}
