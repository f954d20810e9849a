import { exportTenant } from '../../../../shared/contract/access/tenant-life.ts'
import { urlOf } from '../../api/call.ts'
import { messageOf } from '../../api/problem.ts'
import { downloadProven } from '../../api/proven-download.ts'
import { Button } from '../../ui/actions/Button.tsx'
import { toast } from '../../ui/feedback/toast-queue.ts'
import { Panel } from '../../ui/layout/Panel.tsx'

const download = (tenantId: string): Promise<void> =>
  downloadProven(urlOf(exportTenant.path, { tenant_id: tenantId })).catch((error: unknown) => toast(messageOf(error)))

export const ExportTenant = ({ tenantId, name }: { tenantId: string; name: string }) => (
  <Panel
    title={`Take ${name} along`}
    actions={
      <Button icon="export" onClick={() => void download(tenantId)}>
        Export everything
      </Button>
    }
  >
    <p className="panel-text">
      One ZIP with every file as it came, every row, receipts, hosts, people and the audit log as JSON lines, and a manifest with the
      SHA-256 and the counts of each. Passwords, keys, invitations and single sign-on are not in it.
    </p>
  </Panel>
)
