import type { z } from 'zod'
import type { exportSearch } from '../../../../shared/contract/hunt/export.ts'
import type { Page } from './pages.ts'

export type ExportBody = z.output<NonNullable<(typeof exportSearch)['body']>>

/** What a file is made of. */
export interface Source {
  /** Rows or groups that there are as it begins. */
  total: number
  head: string
  pages: (mayGoOn: () => Promise<void>) => AsyncIterable<Pick<Page<unknown>, 'rows' | 'text'>>
  /** What comes behind the last of them. */
  end: (() => Uint8Array) | null
}
