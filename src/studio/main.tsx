import { render } from 'preact'
import { Studio } from './shell/frame.tsx'
import { begin } from './shell/session.ts'
import { followTheme } from './shell/theme.ts'
import { loadFirst } from './shell/views.ts'

followTheme()
loadFirst()
void begin()
render(<Studio />, document.body)
