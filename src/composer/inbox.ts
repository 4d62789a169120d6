import type { Approval } from './approval.ts'
import { type Mounted, mount } from './composer.ts'
import { door } from './door.ts'
import { element } from './element.ts'
import { drawRows } from './list.ts'
import { ask, messageOf, Refused, signedIn, signIn, signOut } from './server.ts'
import { inline, tick } from './words.ts'

type Page = { approvals: Approval[]; next: string | null; waiting: number }

/** Milliseconds between two looks at the server. */
const interval = 3000

const root = element('div')
document.body.append(root)
await begin()

async function begin(): Promise<void> {
  const code = /^#code=([\w-]+)$/.exec(location.hash)?.[1]
  if (location.hash !== '') history.replaceState(null, '', location.pathname)
  try {
    const operator = code === undefined ? await signedIn() : await signIn({ code })
    if (operator === null) door(root, null, inbox)
    else inbox(operator)
  } catch (error) {
    door(root, messageOf(error), inbox)
  }
}

function inbox(operator: string): void {
  let pages = 1
  let reads = 0
  let mounted: { id: string; composer: Mounted } | undefined
  let opened: Approval | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let ended = false

  const count = element('span', { class: 'count' })
  const notice = element('p', { class: 'notice', role: 'status' })
  const undecided = element('p', { class: 'notice', role: 'alert' })
  const rows = element('ol', { class: 'rows', keydown: along })
  const empty = element('p', { class: 'quiet', hidden: true }, 'Nothing waits for you.')
  const older = element('button', { type: 'button', hidden: true, click: showOlder }, 'Show older')
  const choice = element(
    'select',
    { 'aria-label': 'Which approvals', change: chosen },
    element('option', { value: '?state=waiting' }, 'Waiting'),
    element('option', { value: '?' }, 'All'),
  )
  const detail = element('section', { class: 'detail', tabindex: '-1', 'aria-label': 'The approval' })
  root.replaceChildren(
    element(
      'main',
      { class: 'inbox' },
      element(
        'header',
        { class: 'top' },
        element('h1', {}, 'Approvals ', count),
        element('span', { class: 'quiet' }, inline(operator)),
        element('button', { type: 'button', class: 'plain', click: leave }, 'Sign out'),
      ),
      notice,
      undecided,
      element('nav', { 'aria-label': 'Approvals' }, choice, rows, empty, older),
      detail,
    ),
  )
  addEventListener('popstate', follow)
  document.addEventListener('visibilitychange', looked)
  follow()
  void refresh()

  /** Reads the list, and the open approval while it is not over; then again in a while. */
  async function refresh(): Promise<void> {
    clearTimeout(timer)
    try {
      await read()
      say(null)
    } catch (error) {
      if (error instanceof Refused && error.status === 401)
        return stop('Your session has ended. Sign in again.')
      say(`${messageOf(error)} What you see may be out of date.`)
    }
    tick(root)
    clearTimeout(timer)
    if (!ended && !document.hidden) timer = setTimeout(refresh, interval)
  }

  async function read(): Promise<void> {
    reads += 1
    const turn = reads
    const asked = choice.value
    const found: Approval[] = []
    let page: Page | undefined
    for (let number = 0; number < pages && page?.next !== null; number += 1) {
      const before = page === undefined ? '' : `&before=${page.next}`
      page = await ask<Page>('GET', `${asked}${before}`)
      found.push(...page.approvals)
    }
    if (ended || page === undefined || turn !== reads) return // a later reading knows more
    older.hidden = page.next === null
    empty.hidden = found.length > 0
    const waiting = page.waiting === 0 ? '' : String(page.waiting)
    if (count.textContent !== waiting) count.textContent = waiting
    document.title = waiting === '' ? 'Approvals' : `(${waiting}) Approvals`
    drawRows(rows, found, idInPath(), go)
    if (opened?.state === 'waiting' || opened?.state === 'approved') await show(opened.id)
  }

  function say(sentence: string | null): void {
    if (notice.textContent !== (sentence ?? '')) notice.textContent = sentence
  }

  /** Opens what the address names. */
  function follow(): void {
    const id = idInPath()
    root.dataset['open'] = String(id !== undefined)
    for (const link of rows.querySelectorAll('a')) {
      if (link.pathname === location.pathname) link.setAttribute('aria-current', 'page')
      else link.removeAttribute('aria-current')
    }
    if (id === undefined) {
      close('Choose an approval from the list.')
      return
    }
    if (undecided.querySelector('a')?.pathname === location.pathname) undecided.replaceChildren()
    const isHere = () => idInPath() === id
    show(id).then(
      () => isHere() && detail.focus(),
      (error: unknown) => isHere() && close(messageOf(error)),
    )
  }

  /** What went wrong with an approval that is not in view any more. */
  function tellUndecided(id: string, sentence: string): void {
    const link = element('a', { href: `/approvals/${id}`, click: go }, 'Open it.')
    undecided.replaceChildren(`An approval that you have left is not decided: ${sentence} `, link)
  }

  async function show(id: string): Promise<void> {
    const approval = await ask<Approval>('GET', `/${id}`)
    if (ended || idInPath() !== id) return
    opened = approval
    if (mounted?.id === id) return mounted.composer.show(approval)
    mounted?.composer.close()
    const place = element('div')
    detail.replaceChildren(
      element('a', { class: 'back', href: '/approvals', click: go }, 'All approvals'),
      place,
    )
    const decide = async (decision: object) => {
      try {
        const decided = await ask<Approval>('POST', `/${id}/decision`, decision)
        if (mounted?.id === id) opened = decided
        void refresh()
        return decided
      } catch (error) {
        if (mounted?.id !== id) tellUndecided(id, messageOf(error))
        throw error
      }
    }
    mounted = { id, composer: mount(place, approval, { decide }) }
  }

  function close(sentence: string): void {
    mounted?.composer.close()
    mounted = undefined
    opened = undefined
    detail.replaceChildren(element('p', { class: 'quiet' }, sentence))
  }

  function go(event: Event): void {
    const { ctrlKey, metaKey, shiftKey, button, currentTarget } = event as MouseEvent
    if (ctrlKey || metaKey || shiftKey || button !== 0) return // a tab of its own
    event.preventDefault()
    history.pushState(null, '', (currentTarget as HTMLAnchorElement).pathname)
    follow()
  }

  /** Arrow keys go along the list. */
  function along(event: Event): void {
    const { key } = event as KeyboardEvent
    const step = key === 'ArrowDown' ? 1 : key === 'ArrowUp' ? -1 : 0
    if (step === 0) return
    event.preventDefault()
    const links: (Element | null)[] = [...rows.querySelectorAll('a')]
    const next = links[links.indexOf(document.activeElement) + step]
    if (next instanceof HTMLElement) next.focus()
  }

  function chosen(): void {
    pages = 1
    void refresh()
  }

  function showOlder(): void {
    pages += 1
    void refresh()
  }

  function looked(): void {
    if (!document.hidden && !ended) void refresh()
  }

  async function leave(): Promise<void> {
    await signOut()
    stop(null)
  }

  function stop(problem: string | null): void {
    ended = true
    clearTimeout(timer)
    removeEventListener('popstate', follow)
    document.removeEventListener('visibilitychange', looked)
    mounted?.composer.close()
    door(root, problem, inbox)
  }
}

function idInPath(): string | undefined {
  return /^\/approvals\/([\w-]+)$/.exec(location.pathname)?.[1]
}
