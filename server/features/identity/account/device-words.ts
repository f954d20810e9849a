// What a User-Agent says, in the few words by which a person knows their own device again. Only the name is read: what a
// header claims is a hint and never a proof.
const browsers: readonly (readonly [RegExp, string])[] = [
  [/\bEdgA?\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\b(?:Firefox|FxiOS)\//, 'Firefox'],
  [/\b(?:Chrome|CriOS|HeadlessChrome)\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
]
const systems: readonly (readonly [RegExp, string])[] = [
  [/\b(?:iPhone|iPad)\b/, 'iOS'],
  [/\bAndroid\b/, 'Android'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b/, 'macOS'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bLinux\b/, 'Linux'],
]
const mostOfProgram = 40

const first = (list: readonly (readonly [RegExp, string])[], text: string): string | null =>
  list.find(([pattern]) => pattern.test(text))?.[1] ?? null

/** `Firefox on Windows`, `curl`, or `Unknown device`. */
export const deviceWords = (userAgent: string | null): string => {
  const text = userAgent ?? ''
  const browser = first(browsers, text)
  if (browser !== null) {
    const system = first(systems, text)
    return system === null ? browser : `${browser} on ${system}`
  }
  const [, program = ''] = /^([\w.+-]+)(?:\/|\s|$)/.exec(text) ?? []
  return program === '' || program === 'Mozilla' ? 'Unknown device' : program.slice(0, mostOfProgram)
}
