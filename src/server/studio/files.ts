import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { IntercomError } from '../../errors.ts'

/** Where the files of the page are served. */
export const filesPath = '/studio/files/'

/** Its own files and its own server: no inline script, no frame around it, no other host. A frame in it is a document of ours. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  'img-src data:',
  "frame-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  'trusted-types studio-html',
].join('; ')

const headers = {
  'Content-Security-Policy': policy,
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Frame-Options': 'DENY',
}

/** Without an icon of its own browsers ask for /favicon.ico. */
const icon =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Cpath d='M5 1h6a4 4 0 0 1 4 4v6a4 4 0 0 1-4 4H1V5a4 4 0 0 1 4-4z' fill='%2317493f'/%3E%3C/svg%3E"

/** Markup without anything of anybody's, which its script fills after the sign-in. */
const shell = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>Studio</title>
<link rel="icon" href="${icon}">
<link rel="stylesheet" href="${filesPath}studio.css">
<script type="module" src="${filesPath}main.js"></script>
<body><noscript>This page needs JavaScript.</noscript></body>
</html>
`

/** The page, at whatever address of it. */
export function shellPage(): Response {
  return new Response(shell, {
    headers: { ...headers, 'Cache-Control': 'no-store', 'Content-Type': 'text/html; charset=utf-8' },
  })
}

type StudioFile = { text: string; etag: string }

let loaded: Promise<ReadonlyMap<string, StudioFile>> | undefined

/** A script or style of the page; they are made by the build, or, in a clone, when the first is asked for. */
export async function studioFile(name: string, ifNoneMatch: string | null): Promise<Response | null> {
  loaded ??= load()
  loaded.catch(() => {
    loaded = undefined
  })
  const file = (await loaded).get(name)
  if (file === undefined) return null
  const { text, etag } = file
  const own = { ...headers, ETag: etag, 'Cache-Control': 'no-cache' }
  if (ifNoneMatch === etag) return new Response(null, { status: 304, headers: own })
  const type = name.endsWith('.css') ? 'text/css' : 'text/javascript'
  return new Response(text, { headers: { ...own, 'Content-Type': `${type}; charset=utf-8` } })
}

async function load(): Promise<ReadonlyMap<string, StudioFile>> {
  const texts = import.meta.url.endsWith('.ts') ? await bundled() : built()
  return new Map(
    Object.entries(texts).map(([name, text]) => {
      const etag = `"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"`
      return [name, { text, etag }]
    }),
  )
}

async function bundled(): Promise<Record<string, string>> {
  const { studioFiles } = await import('../../../scripts/studio.ts' as string)
  return await studioFiles()
}

function built(): Record<string, string> {
  const folder = new URL('dist/studio/', import.meta.resolve('modulex-intercom/package.json'))
  try {
    return Object.fromEntries(
      readdirSync(folder).map((name) => [name, readFileSync(new URL(name, folder), 'utf8')]),
    )
  } catch {
    throw new IntercomError('the files of the studio are missing from this package', {
      code: 'studio_missing',
      hint: 'Install it anew, or run `npm run build` in a clone.',
    })
  }
}
