/** What one source says of a process: rows that say the same, told once. Times in microseconds since 1970. */
export interface ProcessRecord {
  /** start: the process with its start · end: that it ended · seen: that a process of that id was there. */
  kind: 'start' | 'end' | 'seen'
  pid: number
  parent_pid: number | null
  start: number | null
  end: number | null
  /** Least and greatest time of the rows. */
  first: number | null
  last: number | null
  name: string
  executable: string
  command_line: string
  command_line_length: number
  parent_name: string
  user: string
  guid: string
  parent_guid: string
  source: string
  rows: number
  row_id: string
}

export interface SourceCount {
  source: string
  rows: number
  row_id: string
}

/** A process once, whoever told of it. */
export interface ProcessNode {
  key: string
  pid: number
  parent_pid: number | null
  start: number | null
  end: number | null
  ended: 'recorded' | 'pid_reused' | null
  first: number | null
  last: number | null
  name: string
  executable: string
  command_line: string
  command_line_length: number
  parent_name: string
  user: string
  guid: string
  parent_guid: string
  sources: Map<string, SourceCount>
  parent: ProcessNode | null
  orphan: 'not_collected' | 'loop' | null
}

/** The last part of a path. */
export const baseName = (path: string): string => path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1)

/** Linux keeps fifteen characters of a name. */
const shortestCut = 15

/** Whether two names may be of one process; a name that is not known fits all. */
export const areAlike = (a: string, b: string): boolean => {
  if (a === '' || b === '') return true
  const [x, y] = [a.toLowerCase(), b.toLowerCase()]
  if (x === y || x === `${y}.exe` || y === `${x}.exe`) return true
  return (x.length === shortestCut && y.startsWith(x)) || (y.length === shortestCut && x.startsWith(y))
}
