import type { ComponentChildren } from 'preact'
import { Link } from '../router.tsx'

/**
 * A list, what is chosen of it, and what lies beside that. A narrow page shows the list or what is chosen (`isOpen`), with
 * a way back; the rest goes below.
 */
export function Split(props: {
  list: ComponentChildren
  children: ComponentChildren
  aside?: ComponentChildren
  isOpen: boolean
  /** The path of the list, and what it is called. */
  back: { to: string; label: string }
  /** Names of the panes, for whoever hears the page. */
  labels: { list: string; detail: string; aside?: string }
}) {
  const { list, children, aside, isOpen, back, labels } = props
  return (
    <div class="split" data-open={isOpen} data-aside={aside !== undefined}>
      <section class="split-list" aria-label={labels.list}>
        {list}
      </section>
      <section class="split-detail" aria-label={labels.detail}>
        <Link class="back" to={back.to}>
          ‹ {back.label}
        </Link>
        {children}
      </section>
      {aside !== undefined && (
        <aside class="split-aside" aria-label={labels.aside ?? labels.detail}>
          {aside}
        </aside>
      )}
    </div>
  )
}
