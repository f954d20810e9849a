import { listRejects, type Reject } from '../../../../../shared/contract/ingestion.ts'
import { callList } from '../../../api/call.ts'

const pageRows = 500

/** One JSON object a line. */
export const rejectLines = (rejects: readonly Reject[]): string => rejects.map((reject) => `${JSON.stringify(reject)}\n`).join('')

/** A name that every file system takes: `<import>-rejects.jsonl`. */
export const exportName = (name: string): string => `${name.replace(/[^\p{L}\p{N}._-]+/gu, '_').slice(0, 120)}-rejects.jsonl`

const saveAs = (parts: BlobPart[], name: string): void => {
  const url = URL.createObjectURL(new Blob(parts, { type: 'application/x-ndjson' }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // The download holds the blob from the moment it has begun.
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}

/** Every rejected row as JSONL, made in the browser. Throws what a page's request throws: then nothing is saved. */
export const exportRejects = async (importId: string, name: string): Promise<void> => {
  const parts: string[] = []
  for (let skip = 0, total = 1; skip < total; skip += pageRows) {
    const page = await callList(listRejects, { params: { import_id: importId }, query: { skip, limit: pageRows } })
    total = page.rows.length === 0 ? skip : page.total
    parts.push(rejectLines(page.rows))
  }
  saveAs(parts, exportName(name))
}
