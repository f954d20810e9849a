import { listRejects, type Reject } from '../../../../../shared/contract/ingestion.ts'
import { callList } from '../../../api/call.ts'
import { saveAs } from '../../../ui/actions/save-as.ts'

const pageRows = 500

/** One JSON object a line. */
export const rejectLines = (rejects: readonly Reject[]): string => rejects.map((reject) => `${JSON.stringify(reject)}\n`).join('')

/** A name that every file system takes: `<import>-rejects.jsonl`. */
export const exportName = (name: string): string => `${name.replace(/[^\p{L}\p{N}._-]+/gu, '_').slice(0, 120)}-rejects.jsonl`

/** Every rejected row as JSONL, made in the browser. Throws what a page's request throws: then nothing is saved. */
export const exportRejects = async (importId: string, name: string): Promise<void> => {
  const parts: string[] = []
  for (let skip = 0, total = 1; skip < total; skip += pageRows) {
    const page = await callList(listRejects, { params: { import_id: importId }, query: { skip, limit: pageRows } })
    total = page.rows.length === 0 ? skip : page.total
    parts.push(rejectLines(page.rows))
  }
  saveAs(parts, { name: exportName(name), type: 'application/x-ndjson' })
}
