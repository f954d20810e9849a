import { Button } from '../../../ui/actions/Button.tsx'
import { CopyButton } from '../../../ui/actions/CopyButton.tsx'
import { Note } from '../../../ui/feedback/Note.tsx'
import './factors.css'

const download = (text: string): void => {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/plain' }))
  const link = document.createElement('a')
  link.href = url
  link.download = 'velocicompanion-recovery-codes.txt'
  link.click()
  URL.revokeObjectURL(url)
}

/** Shown this once: the server keeps only their hashes. */
export const RecoveryCodes = ({ codes }: { codes: readonly string[] }) => {
  const text = `VelociCompanion recovery codes for ${window.location.host}\nEach signs in once in place of a code of the app.\n\n${codes.join('\n')}\n`
  return (
    <>
      <p>Keep these where you find them without your phone. Each signs in once in place of a code of the app.</p>
      <ul className="recovery-codes mono" aria-label="Recovery codes">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <div className="factor-actions">
        <Button icon="export" onClick={() => download(text)}>
          Download
        </Button>
        <CopyButton value={codes.join('\n')} label="Copy the recovery codes" />
      </div>
      <Note tone="warn">They are not shown again. Whoever has one and your password can sign in.</Note>
    </>
  )
}
