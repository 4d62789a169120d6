const barWidth = 30

/**
 * A bar on stderr for something that takes long; undefined when stderr is no terminal, which would only fill a log.
 * It appears after a second and is gone when the share is 1.
 */
export function progressBar(label: string, stream: NodeJS.WriteStream = process.stderr) {
  if (!stream.isTTY) return undefined
  const started = performance.now()
  let shown = ''
  return (share: number): void => {
    const seconds = (performance.now() - started) / 1000
    if (seconds < 1 && shown === '') return
    const filled = Math.round(barWidth * share)
    const left = share > 0.02 ? `, ${Math.ceil((seconds / share) * (1 - share))} s left` : ''
    const bar = `${'█'.repeat(filled)}${'░'.repeat(barWidth - filled)}`
    const line = share >= 1 ? '' : `${label} ${bar} ${Math.floor(share * 100)} %${left}`
    if (line === shown) return
    shown = line
    stream.write(`\r\x1b[K${line}`)
  }
}
