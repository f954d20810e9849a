import { useState } from 'react'
import { listImports, loadDemo } from '../../../../../shared/contract/ingestion.ts'
import { call } from '../../../api/call.ts'
import { invalidate } from '../../../api/query-client.ts'
import { useSubmit } from '../../../api/useSubmit.ts'
import { Button } from '../../../ui/actions/Button.tsx'
import { Note } from '../../../ui/feedback/Note.tsx'

/** For a first look without data of one's own. */
export const DemoButton = () => {
  const [isAsked, setAsked] = useState(false)
  const { isBusy, problem, onSubmit } = useSubmit(async () => {
    await call(loadDemo, { body: {} })
    setAsked(true)
    await invalidate(listImports)
  })
  if (isAsked) return <Note live>The demo is being made. Its imports appear here one by one.</Note>
  return (
    <form onSubmit={onSubmit}>
      <Note
        tone={problem === null ? 'info' : 'bad'}
        live={problem !== null}
        action={
          <Button type="submit" size="sm" busy={isBusy}>
            Load the demo
          </Button>
        }
      >
        {problem ?? 'No export at hand? The demo holds three weeks of 40 hosts, with one intrusion to find.'}
      </Note>
    </form>
  )
}
