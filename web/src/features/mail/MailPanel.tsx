import { useMutation } from '@tanstack/react-query'
import { getMailStatus, type MailStatus, sendTestMail } from '../../../../shared/contract/platform/mail.ts'
import { call } from '../../api/call.ts'
import { messageOf } from '../../api/problem.ts'
import { queryOf } from '../../api/queries.ts'
import { queryClient } from '../../api/query-client.ts'
import { Button } from '../../ui/actions/Button.tsx'
import { Note } from '../../ui/feedback/Note.tsx'
import { formatNumber } from '../../ui/format/numbers.ts'
import { Facts } from '../../ui/layout/Facts.tsx'
import { Panel } from '../../ui/layout/Panel.tsx'
import { testWords } from './mail-words.ts'

const NotSetUp = () => (
  <Note tone="warn">
    Mail is not set up. Set <span className="mono">SMTP_HOST</span>, <span className="mono">FROM_EMAIL</span> and{' '}
    <span className="mono">PUBLIC_URL</span>, then start the server again. Until then admins hand over links by themselves.
  </Note>
)

const settingsOf = (status: MailStatus) => [
  { label: 'Mail server', value: <span className="mono">{status.server}</span> },
  { label: 'Sender', value: <span className="mono">{status.sender}</span> },
  { label: 'Links begin with', value: <span className="mono">{status.public_url}</span> },
]

const countsOf = (status: MailStatus) => [
  { label: 'Waiting', value: formatNumber(status.waiting) },
  { label: 'Sent in 24 hours', value: formatNumber(status.sent_last_day) },
  { label: 'Given up in 7 days', value: formatNumber(status.failed_last_week) },
  { label: 'Held back since the start, beyond three of a kind an hour', value: formatNumber(status.held_back) },
  { label: 'Maybe arrived twice in 7 days', value: formatNumber(status.maybe_twice_last_week) },
]

/** Whether mail works, and a test of it to one's own address. */
export const MailPanel = ({ status }: { status: MailStatus }) => {
  const test = useMutation({
    mutationFn: () => call(sendTestMail, { body: {} }),
    onSettled: () => queryClient.invalidateQueries(queryOf(getMailStatus, {})),
  })
  return (
    <Panel
      title="Mail"
      actions={
        status.is_set_up && (
          <Button onClick={() => test.mutate()} busy={test.isPending}>
            Send me a test mail
          </Button>
        )
      }
      padded
    >
      <div className="settings-form">
        {!status.is_set_up && <NotSetUp />}
        {test.error !== null && (
          <Note tone="bad" live>
            {messageOf(test.error)}
          </Note>
        )}
        {status.test !== null && (
          <div role="status">
            <Note tone={status.test.error === null ? 'info' : 'warn'}>{testWords(status.test)}</Note>
          </div>
        )}
        {status.is_set_up && <Facts facts={settingsOf(status)} />}
        <Facts facts={countsOf(status)} />
      </div>
    </Panel>
  )
}
