import { printName, printQuery } from './print.ts'

const nowhere = { position: 0, length: 0 }

/** The query text for exactly the rows of a group of a stack: the value in its case; null stands for rows without the field. */
export const groupTerm = (field: string, value: string | null): string => {
  if (value === null) return `NOT ${printName(field)}:*`
  const pattern = value === '' ? [] : [{ text: value }]
  return printQuery({ kind: 'term', field: { name: field, ...nowhere }, test: { kind: 'exact', pattern }, at: nowhere })
}
