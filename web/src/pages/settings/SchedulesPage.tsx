import { SchedulesPanel } from '../../features/search/schedules/SchedulesPanel.tsx'
import { useTitle } from '../../ui/layout/PageHead.tsx'

export const SchedulesPage = () => {
  useTitle('Schedules')
  return <SchedulesPanel />
}
