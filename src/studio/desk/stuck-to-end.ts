import { useEffect, useLayoutEffect, useRef } from 'preact/hooks'

/** Keeps the end in sight while new messages come, unless somebody reads further up. */
export function useStuckToEnd(box: { current: HTMLElement | null }, last: string | undefined): void {
  const isAtEnd = useRef(true)
  useEffect(() => {
    const element = box.current
    if (element === null) return
    const noticed = () => {
      isAtEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight < 40
    }
    // Frames get their height when they are drawn.
    const sizes = new ResizeObserver(() => {
      if (isAtEnd.current) element.scrollTop = element.scrollHeight
    })
    element.addEventListener('scroll', noticed, { passive: true })
    for (const child of element.children) sizes.observe(child)
    sizes.observe(element)
    return () => {
      element.removeEventListener('scroll', noticed)
      sizes.disconnect()
    }
  }, [])
  useLayoutEffect(() => {
    const element = box.current
    if (element !== null && isAtEnd.current) element.scrollTop = element.scrollHeight
  }, [last])
}
