import { injections } from '../test/support/injections.ts'

/** What would run, load or lead somewhere if any of it became markup. Each asks for `https://evil.example`, or alerts. */
const markup = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '<img src="https://evil.example/pixel.png">',
  '"><svg/onload=alert(1)>',
  "' autofocus onfocus=alert(1) x='",
  '</script><script>alert(1)</script>',
  '</style><script>alert(1)</script>',
  '</textarea><img src=x onerror=alert(1)>',
  '</title><script>alert(1)</script>',
  '<iframe srcdoc="<script>parent.alert(1)</script>"></iframe>',
  '<iframe src="javascript:alert(1)"></iframe>',
  '<a href="javascript:alert(1)">refund</a>',
  '<a href="https://evil.example/" ping="https://evil.example/ping">refund</a>',
  '<meta http-equiv="refresh" content="0;url=https://evil.example/">',
  '<base href="https://evil.example/">',
  '<link rel="stylesheet" href="https://evil.example/x.css">',
  '<style>@import "https://evil.example/x.css";*{display:none}</style>',
  '<form action="https://evil.example/"><button autofocus>Approve and send</button></form>',
  '<input autofocus onfocus=alert(1)>',
  '<details open ontoggle=alert(1)>',
  '<video><source onerror=alert(1)></video>',
  '<object data="https://evil.example/x.swf"></object>',
  '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
  '<!--><img src=x onerror=alert(1)>-->',
  '<div id="approval" data-tone="good" style="position:fixed;inset:0">Approved and sent</div>',
  '<button class="primary">Approve and send</button>',
  '{{constructor.constructor("alert(1)")()}}',
  '$'.concat('{alert(1)}'),
  'javascript:alert(1)',
  'data:text/html,<script>alert(1)</script>',
  '&lt;script&gt;alert(1)&lt;/script&gt;',
]

/** Hostile texts by what they try: a customer may write any of them. */
export const hostile: Readonly<Record<string, string>> = {
  ...Object.fromEntries(markup.map((text) => [text.slice(0, 50), text])),
  'all markup at once': markup.join('\n'),
  ...injections,
}
