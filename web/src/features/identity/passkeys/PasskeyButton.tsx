import { useMutation } from '@tanstack/react-query'
import { messageOf } from '../../../api/problem.ts'
import { Button } from '../../../ui/actions/Button.tsx'
import { Note } from '../../../ui/feedback/Note.tsx'

interface PasskeyButtonProps {
  answer: () => Promise<void>
  size?: 'md' | 'lg'
  variant?: 'primary'
}

/** Answers by a passkey; what goes wrong is said above it. */
export const PasskeyButton = ({ answer, size = 'md', variant }: PasskeyButtonProps) => {
  const go = useMutation({ mutationFn: answer })
  return (
    <>
      {go.error !== null && (
        <Note tone="bad" live>
          {messageOf(go.error)}
        </Note>
      )}
      <Button size={size} variant={variant} busy={go.isPending} onClick={() => go.mutate()}>
        Use a passkey
      </Button>
    </>
  )
}
