import { AliasesPanel } from '../../features/search/aliases/AliasesPanel.tsx'
import { useTitle } from '../../ui/layout/PageHead.tsx'

export const FieldsPage = () => {
  useTitle('Fields')
  return <AliasesPanel />
}
