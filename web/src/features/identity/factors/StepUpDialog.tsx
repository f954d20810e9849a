import { lazy, Suspense, useEffect, useState } from 'react'
import { whenProofIsNeeded } from '../../../api/proof.ts'
import { Skeleton } from '../../../ui/feedback/Skeleton.tsx'
import { Dialog } from '../../../ui/overlay/Dialog.tsx'

const StepUpForm = lazy(() => import('./StepUpForm.tsx').then((module) => ({ default: module.StepUpForm })))

/** Stands above every page, and asks when a call needs a fresh proof. */
export const StepUpDialog = () => {
  const [asked, setAsked] = useState<((isProven: boolean) => void) | null>(null)
  useEffect(() => whenProofIsNeeded(() => new Promise<boolean>((resolve) => setAsked(() => resolve))), [])
  const end = (isProven: boolean) => {
    asked?.(isProven)
    setAsked(null)
  }
  return (
    <Dialog isOpen={asked !== null} onClose={() => end(false)} title="Confirm that it is you">
      <Suspense fallback={<Skeleton rows={2} label="Loading" />}>
        <StepUpForm onEnd={end} />
      </Suspense>
    </Dialog>
  )
}
