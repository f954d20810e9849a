import { Button } from '../../../ui/actions/Button.tsx'
import { CopyButton } from '../../../ui/actions/CopyButton.tsx'
import { saveAs } from '../../../ui/actions/save-as.ts'
import { Note } from '../../../ui/feedback/Note.tsx'
import './factors.css'

const file = { name: 'velocicompanion-recovery-codes.txt', type: 'text/plain' }

/** Shown this once: the server keeps only their hashes. */
export const RecoveryCodes = ({ codes }: { codes: readonly string[] }) => {
  const text = `VelociCompanion recovery codes for ${window.location.host}\nEach signs in once in place of a code of the app or a passkey.\n\n${codes.join('\n')}\n`
  return (
    <>
      <p>Keep these where you find them without your phone. Each signs in once in place of a code of the app or a passkey.</p>
      <ul className="recovery-codes mono" aria-label="Recovery codes">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <div className="factor-actions">
        <Button icon="export" onClick={() => saveAs([text], file)}>
          Download
        </Button>
        <CopyButton value={codes.join('\n')} label="Copy the recovery codes" />
      </div>
      <Note tone="warn">They are not shown again. Whoever has one and your password can sign in.</Note>
    </>
  )
}
