// The rows of a query page by page, each asked for when the one before has been taken: a slow reader holds neither a query of the
// engine nor more than a page of memory, and a page is as many rows as have a bounded size together.
import { isAppError } from '../../../platform/errors.ts'

export interface Page<P> {
  rows: number
  /** Where its last row stands; null for a page without one. */
  last: P | null
  text: string | Uint8Array
}

export interface PageSizes {
  /** Characters that a page should come to. */
  wanted: number
  most: number
}

const leastRows = 50

/** The rows of the next page, for one of so many characters. */
const nextLimit = (rows: number, characters: number, { wanted, most }: PageSizes): number => {
  const fitting = Math.floor((rows * wanted) / Math.max(1, characters))
  // no more than four times as many at once: the next rows may be of another kind
  return Math.max(leastRows, Math.min(most, fitting, rows * 4))
}

export interface Paging<P> {
  page: (of: { after: P | null; limit: number }) => Promise<Page<P>>
  sizes: PageSizes
  /** Asked before each page; what it throws ends the file without its end. */
  mayGoOn: () => Promise<void>
}

/** Page after page, down to the last row. Rows that are too large together are asked for in fewer. */
export async function* allPages<P>(o: Paging<P>): AsyncGenerator<Page<P>> {
  let limit = Math.min(1000, o.sizes.most)
  for (let after: P | null = null; ; ) {
    await o.mayGoOn()
    let page: Page<P>
    try {
      page = await o.page({ after, limit })
    } catch (error) {
      if (!isAppError(error) || error.code !== 'too_large' || limit === 1) throw error
      limit = Math.ceil(limit / 4)
      continue
    }
    if (page.last === null) return
    yield page
    if (page.rows < limit) return
    after = page.last
    limit = nextLimit(page.rows, page.text.length, o.sizes)
  }
}
