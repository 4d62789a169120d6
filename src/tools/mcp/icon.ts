import type { Icon } from '@modelcontextprotocol/server'

export const svg =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path fill="#2563eb" d="M4 3h16a2 2 0 0 1 2 2v11a2 2 0 0 1-2 2h-7l-5 4v-4H4a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2z"/><path stroke="#fff" stroke-width="2" stroke-linecap="round" d="M7 8.5h10M7 12.5h6"/></svg>'

/** The server's own, as data: a client need not load it from anywhere. Tools have none, which would be in every list. */
export const icons: Icon[] = [
  { src: `data:image/svg+xml;base64,${btoa(svg)}`, mimeType: 'image/svg+xml', sizes: ['any'] },
]
