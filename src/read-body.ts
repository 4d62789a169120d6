/** Why a body was not taken. `broken`: it did not arrive whole. */
export type BodyProblem = 'too_large' | 'too_slow' | 'broken'

/** Reads a body of at most so many bytes, counted as they arrive, within so many ms. */
export async function readBody(
  read: () => Promise<{ done?: boolean | undefined; value?: Uint8Array | undefined }>,
  maxBytes: number,
  ms: number,
): Promise<Buffer | BodyProblem> {
  const late = Promise.withResolvers<'too_slow'>()
  const timer = setTimeout(() => late.resolve('too_slow'), ms)
  const chunks: Uint8Array[] = []
  try {
    for (let size = 0; ; ) {
      const chunk = await Promise.race([read(), late.promise])
      if (chunk === 'too_slow') return chunk
      if (chunk.done || chunk.value === undefined) return Buffer.concat(chunks)
      size += chunk.value.byteLength
      if (size > maxBytes) return 'too_large'
      chunks.push(chunk.value)
    }
  } catch {
    return 'broken'
  } finally {
    clearTimeout(timer)
  }
}

/** Values and depth of JSON that is taken: no call has a thousandth of them, and checking them by a schema would block all others. */
export const mostValues = 10_000
export const deepest = 64

/** Whether JSON has very many values or is nested very deeply, found before anything is made of it. */
export function isTooComplex(json: Buffer): boolean {
  let [values, depth] = [1, 0]
  for (let at = 0; at < json.length; at++) {
    const byte = json[at]
    if (byte === 0x22) at = endOfText(json, at)
    else if (byte === 0x2c) values += 1
    else if (byte === 0x7b || byte === 0x5b) depth += 1
    else if (byte === 0x7d || byte === 0x5d) depth -= 1
    if (values > mostValues || depth > deepest) return true
  }
  return false
}

/** Where the text that begins at a quotation mark ends. */
function endOfText(json: Buffer, from: number): number {
  for (let end = json.indexOf(0x22, from + 1); end >= 0; end = json.indexOf(0x22, end + 1)) {
    let slashes = 0
    while (json[end - 1 - slashes] === 0x5c) slashes += 1
    if (slashes % 2 === 0) return end
  }
  return json.length
}
