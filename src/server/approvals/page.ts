/** Its own files and its own server, and nothing else: no inline script or style, no frame around it, no other host. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join('; ')

/** Markup without anything of anybody's, which its script fills after the sign-in. */
const shell = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Approvals</title>
<link rel="stylesheet" href="/approvals/inbox.css">
<script type="module" src="/approvals/inbox.js"></script>
<body><noscript>This page needs JavaScript.</noscript></body>
</html>
`

const headers = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy': policy,
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Frame-Options': 'DENY',
}

const types = {
  '/approvals/inbox.js': 'text/javascript; charset=utf-8',
  '/approvals/inbox.css': 'text/css; charset=utf-8',
} as const

export function isPagePath(path: string): path is keyof typeof types {
  return Object.hasOwn(types, path)
}

/** A file of the page; at any other path the page itself, which holds nothing of anybody's. */
export async function pageFile(path: string): Promise<Response> {
  const { default: assets } = await import('../../composer/assets.json', { with: { type: 'json' } })
  const [text, type] = isPagePath(path)
    ? [path.endsWith('.js') ? assets.script : assets.style, types[path]]
    : [shell, 'text/html; charset=utf-8']
  return new Response(text, { headers: { ...headers, 'Content-Type': type } })
}
