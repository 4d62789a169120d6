/** Why a body was not taken. */
export type Refused = 'too_large' | 'too_slow' | 'broken'

/** Reads a body of at most so many bytes, counted as they arrive, within so many ms. */
export async function bodyOf(request: Request, maxBytes: number, ms: number): Promise<Uint8Array | Refused> {
  if (Number(request.headers.get('content-length') ?? 0) > maxBytes) return 'too_large'
  if (request.body === null) return new Uint8Array()
  const reader = request.body.getReader()
  const late = Promise.withResolvers<'too_slow'>()
  const timer = setTimeout(() => late.resolve('too_slow'), ms)
  const pieces: Uint8Array[] = []
  try {
    for (let size = 0; ; ) {
      const piece = await Promise.race([reader.read(), late.promise])
      if (piece === 'too_slow') return piece
      if (piece.done) return Buffer.concat(pieces)
      size += piece.value.byteLength
      if (size > maxBytes) return 'too_large'
      pieces.push(piece.value)
    }
  } catch {
    return 'broken'
  } finally {
    clearTimeout(timer)
    void reader.cancel().catch(() => {})
  }
}
