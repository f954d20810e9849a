import { useState } from 'react'
import { Button } from '../../../ui/actions/Button.tsx'
import { Checkbox } from '../../../ui/forms/Checkbox.tsx'
import { Select } from '../../../ui/forms/Select.tsx'
import { countOf } from '../../../ui/format/numbers.ts'
import { usePreference } from '../../../ui/preferences.ts'
import type { Question } from '../result/question.ts'
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

interface ExportFormProps {
  question: Question
  total: number
  cols: readonly string[]
  onClose: () => void
}

export const ExportForm = ({ question, total, cols, onClose }: ExportFormProps) => {
  const [format, setFormat] = usePreference<Format>('export.format', 'csv')
  const [wanted, setContent] = useState<Content>('all')
  const [hasMark, setMark] = usePreference('export.bom', true)
  const offered = contents.filter(
    ({ value }) => value === 'all' || (format !== 'parquet' && (value !== 'shown' || fieldsOf(cols).length > 0)),
  )
  const content = offered.some(({ value }) => value === wanted) ? wanted : 'all'
  const start = () => {
    onClose()
    void exportRun.start({
      of: 'row',
      body: {
        ...question.filter,
        ...(question.sort === null ? {} : { sort: question.sort }),
        format,
        ...(content === 'raw' ? { shape: 'raw' } : {}),
        ...(content === 'shown' ? { fields: fieldsOf(cols) } : {}),
        ...(format === 'csv' ? { bom: hasMark } : {}),
      },
    })
  }
  return (
    <form
      className="export-form"
      onSubmit={(event) => {
        event.preventDefault()
        start()
      }}
    >
      <Select label="Format" value={format} options={formats} onChange={setFormat} hint={hints[format]} />
      <Select label="What of each row" value={content} options={offered} onChange={setContent} />
      {format === 'csv' && <Checkbox label="Begin with a byte order mark (Excel needs it)" checked={hasMark} onChange={setMark} />}
      <div className="export-actions">
        <Button onClick={onClose}>Cancel</Button>
        <Button variant="primary" type="submit" icon="export">
          Export {countOf(total, 'row')}
        </Button>
      </div>
    </form>
  )
}
