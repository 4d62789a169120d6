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
