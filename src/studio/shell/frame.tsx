import { Component, type ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { clock } from './clock.ts'
import { followKeys, KeysDialog, showKeys, useKeys } from './keys.tsx'
import { lost } from './live.ts'
import { Dialog } from './parts/dialog.tsx'
import { Busy, Empty, Problem } from './parts/small.tsx'
import { go, Link, pathOf, route, type ViewName } from './router.tsx'
import { SaidLine } from './said.tsx'
import { messageOf } from './server.ts'
import { ended, type Session, session, signOut } from './session.ts'
import { Door, SignInForm } from './sign-in.tsx'
import { nextTheme, theme } from './theme.ts'
import { viewOf, views } from './views.ts'

/** The whole page. */
export function Studio() {
  const now = session.value
  if (now === undefined) return <Busy says="Opening…" />
  return now === null ? <Door /> : <Frame session={now} />
}

function Frame({ session }: { session: Session }) {
  const { view } = route.value
  const first = session.views[0] ?? 'desk'
  const shown = view !== null && session.views.includes(view) ? view : view === null ? first : null
  const main = useRef<HTMLElement>(null)
  const before = useRef(shown)

  useEffect(followKeys, [])
  useEffect(() => {
    if (view === null) go(pathOf(first), { replace: true })
  }, [view])
  useEffect(() => {
    document.title = shown === null ? 'Studio' : `${views[shown].title} · Studio`
    if (before.current !== shown) main.current?.focus({ preventScroll: true })
    before.current = shown
  }, [shown])
  useKeys(
    [
      ...session.views.map((name) => ({
        key: `g ${views[name].key}`,
        says: views[name].title,
        run: () => go(pathOf(name)),
      })),
      { key: '/', says: 'Filter or search', run: () => focusFilter(main.current) },
      { key: '?', says: 'These keys', run: showKeys },
    ],
    'Anywhere',
  )
  return (
    <div class="frame">
      <a class="skip" href="#main">
        Skip to the content
      </a>
      <Bar session={session} shown={shown} />
      <main id="main" ref={main} tabIndex={-1} data-view={shown}>
        <h1 class="aloud">{shown === null ? 'Studio' : views[shown].title}</h1>
        {shown === null ? (
          <Empty says="This view needs a local Intercom, or another key.">
            <Link to={pathOf(first)}>{views[first].title}</Link>
          </Empty>
        ) : (
          <Boundary key={shown}>
            <Shown name={shown} />
          </Boundary>
        )}
      </main>
      <SaidLine />
      <KeysDialog />
      {ended.value && (
        <Dialog title="Your session has ended">
          <p>
            The server has restarted, or you signed in more than eight hours ago. Open the link that it prints
            now, in any tab, or sign in here. What you were writing stays.
          </p>
          <SignInForm />
        </Dialog>
      )}
    </div>
  )
}

function Bar({ session, shown }: { session: Session; shown: ViewName | null }) {
  const { name, operator, local, workspace } = session
  const who = [name, operator].filter((one) => one !== null)
  return (
    <header class="bar">
      <Link class="brand" to="/" title="modulex-intercom studio">
        Studio
      </Link>
      <nav class="views" aria-label="Views">
        {session.views.map((one) => (
          <Link key={one} to={pathOf(one)} aria-current={one === shown ? 'page' : undefined}>
            {views[one].title}
          </Link>
        ))}
      </nav>
      <div class="around">
        <Connection />
        <ClockNote />
        <span class="where" data-real={!local} title={who.length > 0 ? `Signed in as ${who.join(', ')}` : ''}>
          <span>
            {workspace?.replace(/^https?:\/\//, '') ?? (local ? 'Local Intercom' : 'Real Intercom')}
          </span>
        </span>
        <ThemeButton />
        <button type="button" class="plain" title="Keys" onClick={showKeys}>
          <kbd>?</kbd>
          <span class="aloud">Keys</span>
        </button>
        <button type="button" class="plain" onClick={() => void signOut()}>
          Sign out
        </button>
      </div>
    </header>
  )
}

const themeNames = { system: 'as the system', light: 'light', dark: 'dark' }

/** A disc that is half full for the system's theme, empty for light, full for dark. */
function ThemeButton() {
  const says = `Theme: ${themeNames[theme.value]}`
  const filled = { system: 'M8 1a7 7 0 0 1 0 14z', light: '', dark: 'M8 1a7 7 0 1 1 0 14a7 7 0 1 1 0-14z' }
  return (
    <button type="button" class="plain theme" title={says} aria-label={says} onClick={nextTheme}>
      <svg viewBox="0 0 16 16" aria-hidden="true">
        <circle cx="8" cy="8" r="7" fill="none" stroke="currentColor" stroke-width="1.5" />
        <path d={filled[theme.value]} fill="currentColor" />
      </svg>
    </button>
  )
}

function Connection() {
  return (
    <span class="connection" role="status">
      {lost.value > 0 && 'Connecting again…'}
    </span>
  )
}

/** That the time here is not that of the machine changes what every date means. */
function ClockNote() {
  const { value } = clock
  if (value === null || (!value.frozen && Math.abs(value.offset) < 60)) return null
  return (
    <Link class="clock-note" to="/lab/clock">
      {value.frozen ? 'Clock stopped' : 'Clock moved'}
    </Link>
  )
}

function Shown({ name }: { name: ViewName }) {
  const { View, problem } = viewOf(name).value
  if (problem !== undefined) return <Problem onRetry={() => location.reload()}>{problem}</Problem>
  return View === undefined ? <Busy says="Opening…" /> : <View />
}

/** A view that fails is told so, and the others go on. */
class Boundary extends Component<{ children: ComponentChildren }, { problem: string | null }> {
  override state = { problem: null }
  override componentDidCatch(error: unknown) {
    this.setState({ problem: messageOf(error) })
  }
  override render() {
    const { problem } = this.state
    if (problem === null) return this.props.children
    return <Problem onRetry={() => this.setState({ problem: null })}>This view has failed: {problem}</Problem>
  }
}

function focusFilter(main: HTMLElement | null): void {
  main?.querySelector<HTMLElement>('[data-filter]')?.focus()
}
