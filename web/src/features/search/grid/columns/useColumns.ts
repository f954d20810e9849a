import { useCallback, useMemo } from 'react'
import { usePreference } from '../../../../ui/preferences.ts'
import { useExplore } from '../../explore-context.ts'
import { columnsOfFields, withColumns } from '../../state/stages-of-rows.ts'
import { artifactSetKey, type ColumnPreference, columnOf, defaultColumns, type GridColumn, rememberColumns } from './columns.ts'

export interface Columns {
  cols: readonly string[]
  columns: readonly GridColumn[]
  isSized: (id: string) => boolean
  setCols: (cols: readonly string[] | null) => void
  setWidth: (id: string, widthPx: number) => void
}

const nothing: Readonly<Record<string, ColumnPreference>> = {}
const noWidths: Readonly<Record<string, number>> = {}

/** The columns that the query asks for, else those of the URL, else those chosen before for the same artifacts, else the usual ones. */
export const useColumns = (artifacts: readonly string[], isOneYear: boolean, asked: readonly string[] | null): Columns => {
  const { state, patch } = useExplore()
  const [all, setAll] = usePreference('explore.columns', nothing)
  const key = artifactSetKey(artifacts)
  const known = all[key]
  const named = useMemo(() => (asked === null ? null : columnsOfFields(asked)), [asked])
  const cols = named ?? state.cols ?? known?.cols ?? defaultColumns
  const widths = known?.widths ?? noWidths
  const columns = useMemo(() => cols.map((id) => columnOf(id, widths, isOneYear)), [cols, widths, isOneYear])
  const setCols = useCallback(
    (next: readonly string[] | null) => {
      if (named !== null) return patch({ q: withColumns(state.q, next) }, { replace: true })
      setAll(rememberColumns(all, key, { cols: next ?? defaultColumns, widths: next === null ? {} : widths }))
      patch({ cols: next }, { replace: true })
    },
    [all, key, widths, named, state.q, setAll, patch],
  )
  const setWidth = useCallback(
    (id: string, widthPx: number) =>
      setAll(
        rememberColumns(all, key, { cols: named === null ? cols : (known?.cols ?? defaultColumns), widths: { ...widths, [id]: widthPx } }),
      ),
    [all, key, cols, named, known, widths, setAll],
  )
  const isSized = useCallback((id: string) => widths[id] !== undefined, [widths])
  return { cols, columns, isSized, setCols, setWidth }
}
