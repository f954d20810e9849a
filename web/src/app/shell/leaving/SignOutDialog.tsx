import { Button } from '../../../ui/actions/Button.tsx'
import { countOf } from '../../../ui/format/numbers.ts'
import { Dialog } from '../../../ui/overlay/Dialog.tsx'
import type { SigningOut } from './useSignOut.ts'

export const SignOutDialog = ({ unsent, isAsking, stay, go }: SigningOut) => (
  <Dialog isOpen={isAsking} onClose={stay} title="Sign out before all files are there?">
    <div className="stack">
      <p>
        {countOf(unsent, 'file')} of this window {unsent === 1 ? 'has' : 'have'} not arrived whole and will not go on after signing out.
        What has arrived of a file is kept for a day: choose the same file again and it goes on from there.
      </p>
      <div className="row">
        <span className="grow" />
        <Button onClick={stay}>Stay</Button>
        <Button variant="bad" icon="leave" onClick={() => void go()}>
          Sign out
        </Button>
      </div>
    </div>
  </Dialog>
)
