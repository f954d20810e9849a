const isAscii = (text: string): boolean => !/[^\0-\x7f]/.test(text)

/** How texts are compared without regard to case: letter by letter, so that a part of a text is folded as it is within the whole. */
export const fold = (text: string): string => {
  const lower = text.toLowerCase()
  return isAscii(lower) ? lower : lower.replaceAll('ς', 'σ')
}
