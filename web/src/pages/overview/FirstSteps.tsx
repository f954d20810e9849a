import { useMutation } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { listImports, loadDemo } from '../../../../shared/contract/ingestion.ts'
import { call } from '../../api/call.ts'
import { messageOf } from '../../api/problem.ts'
import { invalidate } from '../../api/query-client.ts'
import { useMay, useSession } from '../../api/session.ts'
import { Button, buttonClass } from '../../ui/actions/Button.tsx'
import { CopyButton } from '../../ui/actions/CopyButton.tsx'
import { EmptyState } from '../../ui/feedback/EmptyState.tsx'
import { Note } from '../../ui/feedback/Note.tsx'
import { toast } from '../../ui/feedback/toast-queue.ts'
import { Icon } from '../../ui/icons/Icon.tsx'
import { Panel } from '../../ui/layout/Panel.tsx'

/** An empty tenant: three ways to the first row. */
export const FirstSteps = ({ tenantId }: { tenantId: string }) => {
  const { tenant_name } = useSession()
  const mayWrite = useMay('imports.write')
  const navigate = useNavigate()
  const command = `velocicompanion import --tenant "${tenant_name.replace(/["\\$`]/g, '\\$&')}" Collection.zip`
  const demo = useMutation({
    mutationFn: () => call(loadDemo, { body: {} }),
    onSuccess: async () => {
      toast('The demo is being made; its imports follow one by one.')
      await invalidate(listImports)
      await navigate({ to: '/t/$tenantId/imports', params: { tenantId }, search: {} })
    },
  })
  const why = mayWrite ? undefined : 'Your role may read, not import. Ask an administrator.'
  return (
    <Panel>
      <EmptyState
        title="No rows yet"
        actions={
          mayWrite ? (
            <>
              <Link to="/t/$tenantId/imports" params={{ tenantId }} search={{ add: '1' }} className={buttonClass({ variant: 'primary' })}>
                <Icon name="import" />
                Add an export
              </Link>
              <Button busy={demo.isPending} onClick={() => demo.mutate()}>
                {demo.isPending ? 'Starting the demo' : 'Load the demo'}
              </Button>
            </>
          ) : (
            <Button disabledReason={why}>Add an export</Button>
          )
        }
      >
        <p>
          Drop what Velociraptor gave you: a collection or hunt ZIP, CSV, JSON, JSONL or EVTX. Every row is searchable within seconds. The
          demo has 40 hosts, three weeks and one intrusion to find.
        </p>
        {demo.error !== null && (
          <Note tone="bad" live>
            {messageOf(demo.error)}
          </Note>
        )}
        {mayWrite && (
          <p className="first-command">
            From a terminal on the server:
            <span className="row">
              <span className="mono">{command}</span>
              <CopyButton value={command} label="Copy the command" />
            </span>
          </p>
        )}
      </EmptyState>
    </Panel>
  )
}
