/** What a word of a message is made of: not what separates the steps of a path, a URL or a sentence. */
const words = /[^\s"'`,;:()[\]{}<>/\\.@]+/g

/**
 * A message without what looks like a secret: an error of a configuration quotes what stands in the wrong place, which
 * may be a key or a token that was pasted there. Names of variables, actions, hosts and files stay.
 */
export function withoutSecrets(message: string): string {
  return message.replace(words, (word) =>
    isSecretLike(word) ? `…(${word.length} characters, not shown)` : word,
  )
}

function isSecretLike(word: string): boolean {
  if (/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(word)) return true
  return word.split(/[_-]/).some((part) => {
    const isMixed = /\d/.test(part) && /[a-z]/i.test(part)
    return (
      part.length >= 24 || (part.length >= 14 && isMixed) || (part.length >= 8 && /[+=!$%^&*~#?|]/.test(part))
    )
  })
}
