import { setup } from '../../../shared/contract/operations.ts'
import { type HttpApp, mountPublic } from '../../http/mount.ts'
import { describeStores, type Watched } from './index.ts'

interface SetupState {
  needs_first_account: boolean
  needs_setup_code: boolean
  registration: 'open' | 'invite' | 'closed'
  min_password_length: number
  sso: { is_offered: boolean; tenant_id: string | null }
  sends_mail: boolean
}

export const mountOperations = (
  app: HttpApp,
  o: { watched: Watched; version: string; setupState: (from: { isLocal: boolean }) => Promise<SetupState> },
): void =>
  mountPublic(app, setup, async (_parsed, ctx) => {
    const state = await o.setupState(ctx)
    return { ...state, version: o.version, stores: state.needs_first_account ? await describeStores(o.watched) : [] }
  })
