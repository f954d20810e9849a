import { useState } from 'react'
import { Button } from '../../../ui/actions/Button.tsx'
import { Checkbox } from '../../../ui/forms/Checkbox.tsx'
import { Select } from '../../../ui/forms/Select.tsx'
import { countOf } from '../../../ui/format/numbers.ts'
import { usePreference } from '../../../ui/preferences.ts'
import { exportRun } from './export-run.ts'

const formats = [
  { value: 'csv', label: 'CSV, for a spreadsheet' },
  { value: 'jsonl', label: 'JSON lines' },
  { value: 'parquet', label: 'Parquet' },
] as const
type Format = (typeof formats)[number]['value']

const contents = [
  { value: 'all', label: 'All fields' },
  { value: 'shown', label: 'The columns shown' },
  { value: 'raw', label: 'The rows as they came, with where from' },
] as const
type Content = (typeof contents)[number]['value']

const hints: Readonly<Record<Format, string>> = {
  csv: 'A cell that a spreadsheet would run as a formula begins with an apostrophe.',
  jsonl: 'Every value as it is, one row a line.',
  parquet: 'A column for each normalised field, with its type, and the rows’ own columns as JSON.',
}

/** The columns of the grid by the names of their fields; one that is made of several is none. */
const fieldOfColumn: Readonly<Record<string, string | null>> = { time: 'timestamp', host: 'host_name', summary: null, tags: null }
const fieldsOf = (cols: readonly string[]): string[] =>
  cols.flatMap((id) => {
    const field = Object.hasOwn(fieldOfColumn, id) ? fieldOfColumn[id] : id
    return field === null || field === undefined ? [] : [field]
  })

/** What is taken along. */
export interface Exported {
  of: 'row' | 'group'
  total: number
  /** What finds it: filter, order, baseline. */
  body: Readonly<Record<string, unknown>>
  /** The columns of the grid, where there is one. */
  cols: readonly string[]
}

const contentsOf = ({ of, cols }: Exported, format: Format) =>
  contents.filter(
    ({ value }) => value === 'all' || (of === 'row' && format !== 'parquet' && (value !== 'shown' || fieldsOf(cols).length > 0)),
  )

export const ExportForm = ({ exported, onClose }: { exported: Exported; onClose: () => void }) => {
  const { of, total, body, cols } = exported
  const [format, setFormat] = usePreference<Format>('export.format', 'csv')
  const [wanted, setContent] = useState<Content>('all')
  const [hasMark, setMark] = usePreference('export.bom', true)
  const offered = contentsOf(exported, format)
  const content = offered.some(({ value }) => value === wanted) ? wanted : 'all'
  const start = () => {
    onClose()
    const columns = content === 'shown' ? { fields: fieldsOf(cols) } : {}
    const shape = content === 'raw' ? { shape: 'raw' } : {}
    void exportRun.start({ of, body: { ...body, format, ...columns, ...shape, ...(format === 'csv' ? { bom: hasMark } : {}) } })
  }
  return (
    <form
      className="export-form"
      onSubmit={(event) => {
        event.preventDefault()
        start()
      }}
    >
      <Select
        label="Format"
        value={format}
        options={formats}
        onChange={setFormat}
        hint={of === 'group' && format === 'parquet' ? undefined : hints[format]}
      />
      {of === 'row' && <Select label="What of each row" value={content} options={offered} onChange={setContent} />}
      {format === 'csv' && <Checkbox label="Begin with a byte order mark (Excel needs it)" checked={hasMark} onChange={setMark} />}
      <div className="export-actions">
        <Button onClick={onClose}>Cancel</Button>
        <Button variant="primary" type="submit" icon="export">
          Export {countOf(total, of)}
        </Button>
      </div>
    </form>
  )
}
