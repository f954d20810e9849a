// Which times of a file a moment is, said in the four letters of the trade where the columns name them, else by the columns themselves.

const letters = ['M', 'A', 'C', 'B'] as const
type Letter = (typeof letters)[number]

/** The columns of an MFT row, by the attribute they come from, and those of a file's status. */
const mft: Readonly<Record<string, Letter>> = { lastmodified: 'M', lastaccess: 'A', lastrecordchange: 'C', created: 'B' }
const status: Readonly<Record<string, Letter>> = { mtime: 'M', atime: 'A', ctime: 'C', btime: 'B' }

const readName = (field: string): { set: string; letter: Letter } | null => {
  const last = field.split('.').at(-1) ?? field
  const [, name = '', set = ''] = /^([a-z]+)(0x10|0x30)$/i.exec(last) ?? []
  const ofMft = mft[name.toLowerCase()]
  if (ofMft !== undefined) return { set, letter: ofMft }
  const ofStatus = status[last.toLowerCase()]
  return ofStatus === undefined ? null : { set: '', letter: ofStatus }
}

const written = (held: ReadonlySet<Letter>): string => letters.map((letter) => (held.has(letter) ? letter : '.')).join('')

/** The letters of each attribute; attributes that have the same are said together. */
const lettersOf = (sets: ReadonlyMap<string, ReadonlySet<Letter>>): string[] => {
  const byLetters = new Map<string, string[]>()
  for (const [set, held] of sets) byLetters.set(written(held), [...(byLetters.get(written(held)) ?? []), set])
  return [...byLetters].map(([word, of]) => [word, ...of].filter((part) => part !== '').join(' '))
}

/** `M.C. 0x10` and `...B 0x30` for an MFT row, `SystemTime` for what has no letters; one for each thing to say. */
export const timeLabels = (fields: readonly string[]): string[] => {
  const sets = new Map<string, Set<Letter>>()
  const others: string[] = []
  for (const field of fields) {
    const read = readName(field)
    if (read === null) others.push(field.split('.').at(-1) ?? field)
    else sets.set(read.set, (sets.get(read.set) ?? new Set()).add(read.letter))
  }
  return [...lettersOf(sets), ...new Set(others)]
}
