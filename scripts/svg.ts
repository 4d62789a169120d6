/** Fills of the classes that each picture uses, for a light and a dark page: `ground` and `edge`, and its own. */
type Colours = Record<string, [light: string, dark: string]>

/** A picture on a ground of its own, so that it can be read on light and on dark pages. */
export function picture(of: {
  width: number
  height: number
  title: string
  description: string
  colours: Colours
  style: string
  body: string[]
}): string {
  const { width, height, title, description, style, body } = of
  const colours: Colours = { ground: ['#ffffff', '#0d1117'], ...of.colours }
  const fills = (n: 0 | 1) => Object.entries(colours).map(([name, both]) => `.${name} { fill: ${both[n]} }`)
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="title description">
<title id="title">${escaped(title)}</title>
<desc id="description">${escaped(description)}</desc>
<style>
${style}
${fills(0).join('\n')}
@media (prefers-color-scheme: dark) {
  ${fills(1).join('\n  ')}
}
</style>
<rect class="ground" x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="8" stroke="#818b98" stroke-opacity="0.5"/>
${body.join('\n')}
</svg>
`
}

/** Text as SVG holds it. */
export function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`)
}
