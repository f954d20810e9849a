import { keyLabel } from './hotkeys.ts'

export const isMac = typeof navigator !== 'undefined' && /mac|iphone|ipad/i.test(navigator.userAgent)

/** One shortcut as key caps: `<Keys name="g e" />`. */
export const Keys = ({ name }: { name: string }) => (
  <span className="keys">
    {keyLabel(name, isMac).map((cap, at) => (
      <kbd key={`${at}${cap}`}>{cap}</kbd>
    ))}
  </span>
)
