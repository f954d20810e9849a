// One listener for the whole page; the part that mounted last answers first, so that a panel can take a key from the page.
import { useEffect, useState, useSyncExternalStore } from 'react'
import { readPreference } from '../preferences.ts'
import { createSequencer, type Hotkey, isActivation, namesOf, pressName, takesText } from './hotkeys.ts'

export interface HotkeyGroup {
  name: string
  hotkeys: readonly Hotkey[]
}

let groups: readonly HotkeyGroup[] = []
const listeners = new Set<() => void>()
const sequencer = createSequencer()

const change = (next: readonly HotkeyGroup[]) => {
  groups = next
  for (const listener of listeners) listener()
}

const find = (names: readonly string[]): Hotkey | undefined => {
  for (const name of names)
    for (const group of groups.toReversed()) {
      const hit = group.hotkeys.find((hotkey) => namesOf(hotkey).includes(name))
      if (hit !== undefined) return hit
    }
  return undefined
}

const isSingle = (name: string) => !name.includes('Mod+') && name !== 'Escape'

const sleeps = (name: string, hotkey: Hotkey, focus: Element | null): boolean => {
  const inField = takesText(focus as HTMLElement | null)
  if (inField && hotkey.inFields !== true) return true
  if (isSingle(name) && !readPreference<boolean>('single-keys', true) && name.length === 1) return true
  if (document.querySelector('dialog[open], [data-floating]') !== null && hotkey.inFields !== true) return true
  return isActivation(name) && focus !== null && focus.matches('button, a[href], summary, [role="menuitem"], [role="tab"]')
}

const onKeyDown = (event: KeyboardEvent) => {
  if (event.defaultPrevented || event.isComposing) return
  const name = pressName(event)
  if (['Shift', 'Control', 'Meta', 'Alt'].includes(event.key)) return
  const focus = document.activeElement
  const names = takesText(focus as HTMLElement | null) ? [name] : sequencer.push(name, Date.now())
  const hotkey = find(names)
  if (hotkey === undefined || sleeps(name, hotkey, focus)) return
  event.preventDefault()
  hotkey.run(event)
}

/** Keys of a part of the page, as long as it is mounted. */
export const useHotkeys = (name: string, hotkeys: readonly Hotkey[]): void => {
  const [group] = useState<{ name: string; hotkeys: readonly Hotkey[] }>(() => ({ name, hotkeys }))
  useEffect(() => {
    if (groups.length === 0) window.addEventListener('keydown', onKeyDown)
    change([...groups, group])
    return () => {
      change(groups.filter((other) => other !== group))
      if (groups.length === 0) window.removeEventListener('keydown', onKeyDown)
    }
  }, [group])
  // The closures are new with each drawing; the order of the groups is not.
  useEffect(() => {
    Object.assign(group, { name, hotkeys })
  })
}

const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
  }
}

/** What the keys overlay lists now. */
export const useHotkeyGroups = (): readonly HotkeyGroup[] => useSyncExternalStore(subscribe, () => groups)
