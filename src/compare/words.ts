import vocabulary from './vocabulary.json' with { type: 'json' }

/**
 * What a report may repeat of an answer: keys and words of Intercom's description, and of the local Intercom's own
 * answers. Anything else may be a value of the workspace, whatever it looks like.
 */
export type Words = {
  /** The key, or null where it is in no vocabulary. */
  key(name: string): string | null
  /** The value of an enumeration, or null. */
  value(key: string, text: string): string | null
  /** An error's code or message, with `…` in place of what is not Intercom's. */
  said(text: unknown): string
  mayBeNull(key: string): boolean
  isEnumeration(key: string): boolean
  /** Adds what the local Intercom answered; of its errors the words, too. */
  learn(json: unknown, isError: boolean): void
}

/** Keys whose objects have the workspace's own keys. */
export const open = new Set(
  `custom_attributes metadata ticket_attributes translated_content data_attributes_by_name group_content`.split(
    ' ',
  ),
)

/** Words of errors that the description has no example of (docs/intercom-api.md 1.3, 1.4, 3, 4.1). */
const moreWords = `access accept acceptable action after aren ascending be big blank block blocked by call can cannot
  closed composite conflict confirmed contacts converted cursor date deletion depth descending details does doesn edit
  element elements ensure error errors exceeds exist exists expired fields following forbidden format from gone greater
  header integer invite items json large lead least length less lists long malformed many marked match matches matching
  media medium member method minimum missing more multiple must mapping native nested number operator operators order
  owner page pages parse parsed path pages per permanent permission present queries query range rate reached redactable
  redacted reply resource restorable retry schema scope scroll search send sent server should short size smaller sort
  source sorry starting string subscribed support supported suspended than their them there time timestamp times too try
  two unavailable unexpected unknown unmodified unprocessable unsupported url users value values version versions was
  were when which while whole within without wrong be merge merged merging blocked revoked performed into role only could
  app available current check does unsubscribed emails revoked media application type rest us yet found ids id list any all`

/** Levels of an answer that are looked at. */
export const deepest = 24

/** Longest message that is repeated. */
const longest = 200

export function newWords(): Words {
  const keys = new Set(vocabulary.keys)
  const nullable = new Set(vocabulary.nullable)
  const said = new Set([...vocabulary.words, ...moreWords.split(/\s+/)])
  const values = new Map<string, Set<string>>()
  for (const [key, words] of Object.entries(vocabulary.values)) values.set(key, new Set(words))

  function learn(value: unknown, isError: boolean, depth = 0): void {
    if (typeof value !== 'object' || value === null || depth > deepest) return
    for (const [key, item] of Object.entries(value)) {
      if (!Array.isArray(value)) keys.add(key)
      if (item === null) nullable.add(key)
      if (key === 'type' && typeof item === 'string') values.get('type')?.add(item)
      if (isError) for (const word of wordsOf(item)) said.add(word.toLowerCase())
      if (!open.has(key)) learn(item, isError, depth + 1)
    }
  }
  return {
    key: (name) => (keys.has(name) ? name : null),
    value: (key, text) => (values.get(key)?.has(text) === true ? text : null),
    said(text) {
      if (typeof text !== 'string') return text === null ? 'null' : `no text`
      const parts = text.slice(0, longest).split(/([A-Za-z]+)/)
      const shown = parts.map((part, at) => {
        if (at % 2 === 0) return part.replaceAll(/[^ .,:;'!?()_-]+/g, '…')
        return said.has(part.toLowerCase()) ? part : '…'
      })
      return shown.join('').replaceAll(/…[…_-]*…|…+/g, '…')
    },
    mayBeNull: (key) => nullable.has(key),
    isEnumeration: (key) => values.has(key),
    learn: (json, isError) => learn(json, isError),
  }
}

function wordsOf(text: unknown): string[] {
  return typeof text === 'string' ? (text.match(/[A-Za-z]+/g) ?? []) : []
}
