import type { setup } from '../../../../shared/contract/operations.ts'
import type { Reply } from '../../../../shared/contract/route.ts'
import { Icon } from '../../ui/icons/Icon.tsx'
import { Panel } from '../../ui/layout/Panel.tsx'
import './server-panel.css'

type Store = Reply<typeof setup>['stores'][number]
const names: Readonly<Record<Store['name'], string>> = {
  control: 'Accounts and settings',
  events: 'Rows',
  evidence: 'Evidence files',
  network: 'Who can reach it',
}

/** What stands behind this page, before anything is entrusted to it. */
export const ServerPanel = ({ stores }: { stores: readonly Store[] }) => (
  <Panel title="This server">
    <ul className="server-checks">
      {stores.map((store) => (
        <li key={store.name}>
          <span className={store.is_ready ? 'is-ready' : 'is-not'}>
            <Icon name={store.is_ready ? 'check' : 'warn'} />
          </span>
          <span>
            {names[store.name]}
            <span className="visually-hidden">{store.is_ready ? ', ready' : ', needs attention'}</span>
            <small>{store.detail}</small>
          </span>
        </li>
      ))}
    </ul>
  </Panel>
)
