import { getFactor } from '../../../../shared/contract/access/second-factors.ts'
import { exportTenant } from '../../../../shared/contract/access/tenant-life.ts'
import { call, urlOf } from '../../api/call.ts'
import { messageOf } from '../../api/problem.ts'
import { askForProof } from '../../api/proof.ts'
import { Button } from '../../ui/actions/Button.tsx'
import { toast } from '../../ui/feedback/toast-queue.ts'
import { Panel } from '../../ui/layout/Panel.tsx'

/** The browser itself takes the file, however large; so the proof that the route wants is asked for before, where it is not there yet. */
const download = async (tenantId: string): Promise<void> => {
  try {
    const { is_proven } = await call(getFactor, {})
    if (!is_proven && !(await askForProof())) return
    const link = document.createElement('a')
    link.href = urlOf(exportTenant.path, { tenant_id: tenantId })
    link.download = ''
    link.click()
  } catch (error) {
    toast(messageOf(error))
  }
}

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
