// Evidence written into files that people open: a cell of CSV that a spreadsheet would take for a formula gets an apostrophe, and
// what a terminal or a viewer would obey stands as its escape. Who wants the very characters takes JSON.

/** RFC 4180, with what begins a formula in any of the known spreadsheets made text. */
export const csvCell = (text: string): string => {
  const inert = /^[\s\0]*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r\n\0]/.test(text) ? `'${text}` : text
  return /[",\r\n\0]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert
}

/** A line that holds nothing would be none to most readers. */
export const csvLine = (cells: readonly string[]): string => `${cells.map(csvCell).join(',') || '""'}\r\n`

const unprinted = /[\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g

/** One line of JSON whatever is in it. */
export const jsonLine = (value: unknown): string =>
  `${JSON.stringify(value).replaceAll(unprinted, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)}\n`
