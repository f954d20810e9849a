import { type RefObject, useEffect, useRef } from 'react'

/** Keeps the current tab of a strip that scrolls in sight; `key` changes with the tab, and with what moves it. */
export const useShownTab = <E extends HTMLElement>(key: string): RefObject<E | null> => {
  const strip = useRef<E>(null)
  const shown = useRef<string | null>(null)
  useEffect(() => {
    if (shown.current === key) return
    shown.current = key
    const frame = strip.current
    const tab = frame?.querySelector<HTMLElement>('[aria-selected="true"], [aria-current="page"]')
    if (frame === null || tab === null || tab === undefined || frame.scrollWidth <= frame.clientWidth) return
    const start = tab.getBoundingClientRect().left - frame.getBoundingClientRect().left + frame.scrollLeft
    frame.scrollLeft = start - (frame.clientWidth - tab.offsetWidth) / 2
  })
  return strip
}
