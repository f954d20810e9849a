/** Words of a person as one phrase of the search language; what already is a query (`field:value`) stays as it is. */
export const quoteForQuery = (text: string): string => {
  const words = text.trim()
  if (/^[\w.]+:\S/.test(words) || /^"(?:[^"\\]|\\.)*"$/.test(words)) return words
  return /^[\p{L}\p{N}._-]+$/u.test(words) && !/^(AND|OR|NOT)$/.test(words) ? words : `"${words.replace(/["\\]/g, '\\$&')}"`
}
