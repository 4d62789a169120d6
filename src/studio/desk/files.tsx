import { signal } from '@preact/signals'
import { useRef } from 'preact/hooks'
import { Problem, Words } from '../shell/parts/small.tsx'
import { sizeOf } from './part.tsx'

/** A file as Intercom takes it, `data` in base64; `size` in bytes. */
export type Chosen = { name: string; content_type: string; data: string; size: number }

/** What Intercom takes with one message (docs/intercom-api.md 1.8), and what fits into a request of the local one. */
const mostFiles = 10
const mostBytes = 3_500_000

/** Files that are chosen and not sent yet, and why others are not, of each place; gone with the page, as drafts are. */
const chosen = signal<ReadonlyMap<string, readonly Chosen[]>>(new Map())
const refused = signal<ReadonlyMap<string, string>>(new Map())
const none: readonly Chosen[] = []

export function filesOf(draft: string): readonly Chosen[] {
  return chosen.value.get(draft) ?? none
}

/** What was sent is not to be sent any more; what was chosen meanwhile is. */
export function takeFiles(draft: string, sent: readonly Chosen[]): void {
  keep(
    draft,
    filesOf(draft).filter((one) => !sent.includes(one)),
  )
}

/** Says why files cannot be sent; `null` once they can. */
export function refuseFiles(draft: string, why: string | null): void {
  const now = new Map(refused.peek())
  if (why === null) now.delete(draft)
  else now.set(draft, why)
  refused.value = now
}

function keep(draft: string, files: readonly Chosen[]): void {
  chosen.value = new Map(chosen.peek()).set(draft, files)
  refuseFiles(draft, null)
}

/** Takes all of them, or says why none. */
async function add(draft: string, files: readonly File[]): Promise<void> {
  const why = problemWith(filesOf(draft), files)
  if (why !== null) return refuseFiles(draft, why)
  try {
    const read = await Promise.all(files.map(readFile))
    const late = problemWith(filesOf(draft), files) // others may have been chosen meanwhile
    if (late === null) keep(draft, [...filesOf(draft), ...read])
    else refuseFiles(draft, late)
  } catch {
    refuseFiles(draft, 'A file could not be read. None was added.')
  }
}

function problemWith(had: readonly Chosen[], files: readonly File[]): string | null {
  const count = had.length + files.length
  if (count > mostFiles) return `These would be ${count} files; a message takes ${mostFiles}. None was added.`
  const bytes = [...had, ...files].reduce((sum, { size }) => sum + size, 0)
  if (bytes <= mostBytes) return null
  const what =
    files.length === 1 ? `“${files[0]?.name}” has ${sizeOf(files[0]?.size ?? 0)}` : 'These are too large'
  return `${what}; the files of a message may have ${sizeOf(mostBytes)} together, and would have ${sizeOf(bytes)}. None was added.`
}

function readFile(file: File): Promise<Chosen> {
  const { name, type, size } = file
  const reading = Promise.withResolvers<Chosen>()
  const reader = new FileReader()
  reader.onerror = () => reading.reject(reader.error)
  reader.onload = () => {
    const data = String(reader.result).replace(/^[^,]*,/, '') // of a data URL
    reading.resolve({ name, content_type: type || 'application/octet-stream', data, size })
  }
  reader.readAsDataURL(file)
  return reading.promise
}

/** Chooses files for a message. */
export function AttachButton({ draft }: { draft: string }) {
  const input = useRef<HTMLInputElement>(null)
  return (
    <>
      <button type="button" onClick={() => input.current?.click()}>
        Attach files
      </button>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        onChange={({ currentTarget }) => {
          const files = [...(currentTarget.files ?? [])]
          currentTarget.value = '' // so that the same file can be chosen again
          if (files.length > 0) void add(draft, files)
        }}
      />
    </>
  )
}

/** The files that go with the next message. */
export function FilesToSend({ draft }: { draft: string }) {
  const files = filesOf(draft)
  const why = refused.value.get(draft)
  return (
    <>
      {files.length > 0 && (
        <ul class="attachments" aria-label="Files to send">
          {files.map((file, index) => (
            <li key={index}>
              <Words text={file.name} /> <span class="quiet">{sizeOf(file.size)}</span>{' '}
              <button
                type="button"
                class="plain"
                aria-label={`Remove ${file.name}`}
                onClick={() => takeFiles(draft, [file])}
              >
                Remove
              </button>
            </li>
          ))}
        </ul>
      )}
      {why !== undefined && <Problem>{why}</Problem>}
    </>
  )
}
