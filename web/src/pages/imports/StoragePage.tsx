import { Link } from '@tanstack/react-router'
import { useSession } from '../../api/session.ts'
import { StorageView } from '../../features/ingestion/storage/StorageView.tsx'
import { PageHead } from '../../ui/layout/PageHead.tsx'

export const StoragePage = () => {
  const tenantId = useSession().tenant_id
  return (
    <div className="page">
      <PageHead
        title="Storage"
        actions={
          <Link to="/t/$tenantId/imports" params={{ tenantId }}>
            Imports
          </Link>
        }
      />
      <div className="page-body">
        <StorageView />
      </div>
    </div>
  )
}
