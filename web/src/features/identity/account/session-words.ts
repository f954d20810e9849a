/** What ending sessions did, by their number. */
export const endedWords = (ended: number): string => {
  if (ended === 0) return 'There was no other session.'
  return ended === 1 ? '1 other session has ended.' : `${ended} other sessions have ended.`
}
