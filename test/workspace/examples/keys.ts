/**
 * The paths of all keys in a JSON value: `pages`, `pages.type`, `data[].id`. A list has the keys of all its
 * items together, so that one item more or less says nothing.
 */
export function keysOf(value: unknown, path = ''): Set<string> {
  const keys = new Set<string>()
  if (Array.isArray(value)) {
    for (const item of value) add(keys, keysOf(item, `${path}[]`))
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, child] of Object.entries(value)) {
      const place = path === '' ? key : `${path}.${key}`
      keys.add(place)
      add(keys, keysOf(child, place))
    }
  }
  return keys
}

/** Does `key` (one key, or several with dots) occur in `path`? It then stands for all that is beneath it. */
export function covers(key: string, path: string): boolean {
  return `.${path.replaceAll('[]', '')}.`.includes(`.${key}.`)
}

function add(keys: Set<string>, more: Set<string>): void {
  for (const key of more) keys.add(key)
}
