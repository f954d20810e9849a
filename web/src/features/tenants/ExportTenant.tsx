import { exportTenant } from '../../../../shared/contract/access/tenant-life.ts'
import { urlOf } from '../../api/call.ts'
import { askForProof } from '../../api/proof.ts'
import { Button } from '../../ui/actions/Button.tsx'
import { Panel } from '../../ui/layout/Panel.tsx'

/** The browser itself takes the file, however large; so the proof that the route wants is asked for before. */
const download = async (tenantId: string): Promise<void> => {
  if (!(await askForProof())) return
  const link = document.createElement('a')
  link.href = urlOf(exportTenant.path, { tenant_id: tenantId })
  link.download = ''
  link.click()
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
