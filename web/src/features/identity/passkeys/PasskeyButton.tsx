import { useMutation } from '@tanstack/react-query'
import { messageOf } from '../../../api/problem.ts'
import { Button } from '../../../ui/actions/Button.tsx'
import { Note } from '../../../ui/feedback/Note.tsx'

/** Answers by a passkey in place of a code; what goes wrong is said above it. */
export const PasskeyButton = ({ answer, size = 'md' }: { answer: () => Promise<void>; size?: 'md' | 'lg' }) => {
  const go = useMutation({ mutationFn: answer })
  return (
    <>
      {go.error !== null && (
        <Note tone="bad" live>
          {messageOf(go.error)}
        </Note>
      )}
      <Button size={size} busy={go.isPending} onClick={() => go.mutate()}>
        Use a passkey
      </Button>
    </>
  )
}
