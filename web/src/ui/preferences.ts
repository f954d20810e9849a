// The one place that keeps anything in the browser: how the pages look, never who is signed in.
import { useCallback, useSyncExternalStore } from 'react'

const prefix = 'velocicompanion.'
const listeners = new Set<() => void>()
const parsed = new Map<string, { text: string | null; value: unknown }>()

const stored = (key: string): string | null => {
  try {
    return localStorage.getItem(prefix + key)
  } catch {
    return null // storage switched off: every preference is then its default
  }
}

/** The same object as long as the stored text is the same, so that React does not draw in a circle. */
export const readPreference = <T>(key: string, otherwise: T): T => {
  const text = stored(key)
  const known = parsed.get(key)
  if (known !== undefined && known.text === text) return text === null ? otherwise : (known.value as T)
  let value: unknown = otherwise
  try {
    if (text !== null) value = JSON.parse(text)
  } catch {
    value = otherwise
  }
  parsed.set(key, { text, value })
  return value as T
}

export const writePreference = (key: string, value: unknown): void => {
  try {
    localStorage.setItem(prefix + key, JSON.stringify(value))
  } catch {
    parsed.set(key, { text: null, value })
  }
  for (const listener of listeners) listener()
}

const subscribe = (listener: () => void) => {
  listeners.add(listener)
  window.addEventListener('storage', listener)
  return () => {
    listeners.delete(listener)
    window.removeEventListener('storage', listener)
  }
}

/** A preference that all parts of all tabs share. `otherwise` must keep its identity (a constant, not a literal object). */
export const usePreference = <T>(key: string, otherwise: T): readonly [T, (value: T) => void] => {
  const value = useSyncExternalStore(subscribe, () => readPreference(key, otherwise))
  const set = useCallback((next: T) => writePreference(key, next), [key])
  return [value, set]
}

export type Theme = 'dark' | 'light'
export const useTheme = () => usePreference<Theme>('theme', 'dark')
export type Zone = 'utc' | 'local'
/** The zone that every time of the page is written in. */
export const useZone = () => usePreference<Zone>('zone', 'utc')
export const useSingleKeys = () => usePreference<boolean>('single-keys', true)
