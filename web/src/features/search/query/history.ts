// The last queries of this browser, for each tenant: newest first, each once.

export const historyLength = 30
/** A query longer than this is not kept: the history must not fill the browser's store. */
const longest = 4000

export const remember = (history: readonly string[], query: string): string[] => {
  const trimmed = query.trim()
  if (trimmed === '' || trimmed.length > longest) return [...history]
  return [trimmed, ...history.filter((one) => one !== trimmed)].slice(0, historyLength)
}
