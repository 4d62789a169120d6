// Names of colors near white or black, which people see none of on such a ground; other names are compared as they stand.
const named: Record<string, string> = {
  white: '#ffffff',
  snow: '#fffafa',
  ivory: '#fffff0',
  ghostwhite: '#f8f8ff',
  whitesmoke: '#f5f5f5',
  floralwhite: '#fffaf0',
  mintcream: '#f5fffa',
  azure: '#f0ffff',
  aliceblue: '#f0f8ff',
  honeydew: '#f0fff0',
  seashell: '#fff5ee',
  lavenderblush: '#fff0f5',
  black: '#000000',
  canvas: '#ffffff',
  window: '#ffffff',
  canvastext: '#000000',
}

/** A CSS color as `r g b`, `transparent`, or, where it is not known here, as it was given. */
export function colorOf(given: string): string {
  const value = named[given] ?? given
  const [, hex] = /^#?([\da-f]{3,8})$/.exec(value) ?? []
  if (hex !== undefined && hex.length !== 5 && hex.length !== 7) {
    const step = hex.length < 6 ? 1 : 2
    const channels = hex.match(step === 1 ? /./g : /../g) ?? []
    const [r = 0, g = 0, b = 0, alpha = 255] = channels.map((one) =>
      Number.parseInt(one.repeat(3 - step), 16),
    )
    return alpha < 26 ? 'transparent' : `${r} ${g} ${b}`
  }
  const [, form = '', inside = ''] =
    /^(rgb|hsl|hwb|lab|lch|oklab|oklch|color)a?\(([^)]*)\)$/.exec(value) ?? []
  const numbers = inside.match(/[-+]?(?:\d+\.?\d*|\.\d+)%?/g) ?? []
  const [one = '0', two = '0', three = '0', alpha = '1'] = numbers
  if (inside !== '' && fraction(alpha, 1) < 0.1) return 'transparent'
  if (form === 'rgb') return [one, two, three].map((part) => Math.round(fraction(part, 255) * 255)).join(' ')
  if (form === 'hsl') {
    const light = Number.parseFloat(three)
    if (light >= 97 || light <= 3) return colorOf(light > 50 ? 'white' : 'black')
  }
  return value
}

function fraction(part: string, whole: number): number {
  return part.endsWith('%') ? Number.parseFloat(part) / 100 : Number.parseFloat(part) / whole
}

/** Whether people can hardly tell a text of one color from a ground of the other. */
export function looksLike(color: string, background: string): boolean {
  if (color === background) return color !== 'unknown'
  const [a, b] = [color, background].map((one) =>
    /^\d+ \d+ \d+$/.test(one) ? one.split(' ').map(Number) : [],
  )
  return a?.length === 3 && b?.length === 3 && a.every((part, at) => Math.abs(part - (b[at] ?? 0)) <= 20)
}
