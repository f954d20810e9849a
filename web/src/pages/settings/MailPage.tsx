import { useQuery } from '@tanstack/react-query'
import { getMailStatus, type MailStatus } from '../../../../shared/contract/platform/mail.ts'
import { messageOf } from '../../api/problem.ts'
import { queryOf } from '../../api/queries.ts'
import { useMay } from '../../api/session.ts'
import { MailPanel } from '../../features/mail/MailPanel.tsx'
import { TroubledMails } from '../../features/mail/TroubledMails.tsx'
import { Note } from '../../ui/feedback/Note.tsx'
import { Skeleton } from '../../ui/feedback/Skeleton.tsx'
import { useTitle } from '../../ui/layout/PageHead.tsx'
import { Panel } from '../../ui/layout/Panel.tsx'
import './settings.css'

/** Soon again while something is on its way. */
const againMs = (status: MailStatus | undefined): number => ((status?.waiting ?? 0) > 0 ? 2000 : 15_000)

export const MailPage = () => {
  const mayManage = useMay('platform.manage')
  const { data, error } = useQuery({
    ...queryOf(getMailStatus, {}),
    enabled: mayManage,
    refetchInterval: (query) => againMs(query.state.data),
  })
  useTitle('Mail')
  if (!mayManage) return <Note tone="warn">Only the platform admin sees to the mail.</Note>
  return (
    <div className="settings-stack">
      {error !== null && (
        <Note tone="bad" live>
          {messageOf(error)}
        </Note>
      )}
      {data === undefined ? error === null && <Skeleton rows={4} label="Loading mail" /> : <MailPanel status={data} />}
      {data !== undefined && data.troubled.length > 0 && (
        <Panel title="Could not be sent">
          <TroubledMails rows={data.troubled} />
        </Panel>
      )}
    </div>
  )
}
