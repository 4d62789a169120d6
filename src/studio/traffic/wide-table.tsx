import type { ComponentChildren } from 'preact'

/** A table that scrolls by itself where the page is narrower. */
export function WideTable({ label, children }: { label: string; children: ComponentChildren }) {
  return (
    <section class="traffic-scroll" aria-label={label}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and only the focus scrolls with keys */}
      <div tabIndex={0}>
        <table>{children}</table>
      </div>
    </section>
  )
}
