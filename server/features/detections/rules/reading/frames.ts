// What the reader of packs and the server say to each other.
import type { GivenFile } from './pack-files.ts'
import type { StoredRule } from './stored-rule.ts'

/** To be read: files of a pack, or texts that were read by an older reader. */
export type Ask = { kind: 'pack'; files: GivenFile[] } | { kind: 'next' }

export type Told =
  | {
      kind: 'opened'
      files: number
      license: { name: string; text: string } | null
      skipped: number
      skips: { path: string; why: string }[]
    }
  /** The reader waits for `next` after it. */
  | { kind: 'rules'; rules: StoredRule[]; files_read: number }
  | { kind: 'done' }
  | { kind: 'fault'; message: string }
