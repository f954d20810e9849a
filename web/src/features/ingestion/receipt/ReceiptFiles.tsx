import { downloadFile, type ImportReceipt } from '../../../../../shared/contract/ingestion.ts'
import { urlOf } from '../../../api/call.ts'
import { useMay } from '../../../api/session.ts'
import { CopyButton } from '../../../ui/actions/CopyButton.tsx'
import { FileName } from '../list/FileName.tsx'
import { Icon } from '../../../ui/icons/Icon.tsx'
import { countOf, formatBytes } from '../../../ui/format/numbers.ts'

type File = ImportReceipt['files'][number]

const Entry = ({ file, importId }: { file: File; importId: string }) => {
  const mayRead = useMay('evidence.read')
  const { sha256 } = file
  return (
    <li>
      <div className="row">
        <span className="grow cut">
          <FileName name={file.name} />
        </span>
        <span className="muted">{formatBytes(file.size_bytes)}</span>
        {sha256 !== null && mayRead && (
          <a
            className="icon-btn"
            href={urlOf(downloadFile.path, { import_id: importId, sha256 })}
            download={file.name}
            title="Download the file as it came"
            aria-label={`Download ${file.name}`}
          >
            <Icon name="import" />
          </a>
        )}
      </div>
      {sha256 !== null && (
        <div className="row receipt-hash">
          <span className="muted">SHA-256</span>
          <span className="mono">{sha256}</span>
          <CopyButton value={sha256} label="Copy the SHA-256" />
        </div>
      )}
      {(file.members > 1 || file.members_ignored > 0) && (
        <p className="muted">
          {countOf(file.members, 'file')} read inside it
          {file.members_ignored > 0 && `, ${countOf(file.members_ignored, 'file')} without rows left alone`}
        </p>
      )}
    </li>
  )
}

/** The uploaded files, unchanged, with what proves it. */
export const ReceiptFiles = ({ receipt }: { receipt: ImportReceipt }) =>
  receipt.files.length === 0 ? null : (
    <section className="receipt-files" aria-label="Files">
      <h3>{receipt.files.length === 1 ? 'File' : 'Files'}</h3>
      <ul>
        {receipt.files.map((file) => (
          <Entry key={`${file.name}${file.sha256 ?? ''}`} file={file} importId={receipt.id} />
        ))}
      </ul>
    </section>
  )
