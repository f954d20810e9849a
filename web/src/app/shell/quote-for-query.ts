import { printValue } from '../../../../shared/query/print.ts'

/** Words of a person as one phrase of the search language; what already is a query (`field:value`) stays as it is. */
export const quoteForQuery = (text: string): string => {
  const words = text.trim()
  return /^[\w.]+:\S/.test(words) || /^".*"$/.test(words) ? words : printValue(words)
}
