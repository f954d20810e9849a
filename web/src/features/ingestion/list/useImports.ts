import { useQuery } from '@tanstack/react-query'
import { listImports } from '../../../../../shared/contract/ingestion.ts'
import { listOf } from '../../../api/queries.ts'
import { isRunning } from './import-words.ts'

export type ImportFilter = 'all' | 'open' | 'trouble'
export const pageRows = 50

const everyMs = { running: 1000, quiet: 10_000 }

/** A page of imports; asked for every second while one of them runs. */
export const useImports = (state: ImportFilter, skip: number) =>
  useQuery({
    ...listOf(listImports, { query: { state, skip, limit: pageRows } }),
    refetchInterval: ({ state: { data } }) => (data?.rows.some(isRunning) === true ? everyMs.running : everyMs.quiet),
  })

/** What runs or waits now. */
export const useOpenImports = () =>
  useQuery({
    ...listOf(listImports, { query: { state: 'open', skip: 0, limit: 20 } }),
    refetchInterval: ({ state: { data } }) => (data?.rows.some(isRunning) === true ? everyMs.running : 5000),
  })

/** How many there are of a kind. */
export const useImportCount = (state: ImportFilter): number | undefined =>
  useQuery({ ...listOf(listImports, { query: { state, skip: 0, limit: 1 } }), refetchInterval: everyMs.quiet }).data?.total
