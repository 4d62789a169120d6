import { effect, signal } from '@preact/signals'

const stored = 'modulex-intercom-studio-theme'
const themes = ['system', 'light', 'dark'] as const

type Theme = (typeof themes)[number]

export const theme = signal<Theme>(themes.find((one) => one === localStorage.getItem(stored)) ?? 'system')

export function nextTheme(): void {
  theme.value = themes[(themes.indexOf(theme.value) + 1) % themes.length] ?? 'system'
  localStorage.setItem(stored, theme.value)
}

export function followTheme(): void {
  effect(() => {
    const { dataset } = document.documentElement
    if (theme.value === 'system') delete dataset['theme']
    else dataset['theme'] = theme.value
  })
}
