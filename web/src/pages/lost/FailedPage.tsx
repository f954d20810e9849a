import { useRouter } from '@tanstack/react-router'
import { ApiProblem, messageOf } from '../../api/problem.ts'
import { Button } from '../../ui/actions/Button.tsx'
import { EmptyState } from '../../ui/feedback/EmptyState.tsx'
import { useTitle } from '../../ui/layout/PageHead.tsx'
import { LostFrame } from './LostFrame.tsx'

const chunkGone = /dynamically imported module|module script failed|Loading chunk|Unable to preload/i

/** A page that could not be drawn: why, and the way on. */
export const FailedPage = ({ error, reset }: { error: unknown; reset?: () => void }) => {
  const router = useRouter()
  const message = messageOf(error)
  const isOld = chunkGone.test(message)
  useTitle('This page could not be shown')
  const again = () => {
    if (isOld) window.location.reload()
    reset?.()
    void router.invalidate()
  }
  return (
    <LostFrame>
      <EmptyState
        isPage
        title="This page could not be shown"
        actions={
          <Button variant="primary" icon="retry" onClick={again}>
            {isOld ? 'Reload the page' : 'Try again'}
          </Button>
        }
      >
        <p role="alert">
          {isOld
            ? 'A part of the app did not come: the server does not answer, or was updated while this page was open. Nothing was changed.'
            : message}
        </p>
        {error instanceof ApiProblem && error.requestId !== '' && (
          <details>
            <summary>Details</summary>
            <span className="mono">Request {error.requestId}</span>
          </details>
        )}
      </EmptyState>
    </LostFrame>
  )
}
