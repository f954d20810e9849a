/** How texts are compared without regard to case: letter by letter, so that a part of a text is folded as it is within the whole. */
export const fold = (text: string): string => {
  const lower = text.toLowerCase()
  return lower.includes('ς') ? lower.replaceAll('ς', 'σ') : lower
}
