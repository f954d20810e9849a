import { param, type Sql, sql } from '../../../platform/sql.ts'

const at = (time: Date) => param("DateTime64(6, 'UTC')", time.toISOString().replace('T', ' ').replace('Z', ''))

/** Rows that were stored at or after one moment and before another. */
export const storedFrom = (from: Date, until: Date): Sql => sql`(ingested_at >= ${at(from)} AND ingested_at < ${at(until)})`
