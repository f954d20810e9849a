import * as contract from '../../../../shared/contract/detect/hunts.ts'
import { type HttpApp, mount, mountList } from '../../../http/mount.ts'
import { cancelHunt, getHunt, listHunts, startHunt } from './hunts.ts'
import { backtest } from '../sql/backtest.ts'

export const mountHunts = (app: HttpApp): void => {
  mount(app, contract.startHunt, ({ body }, ctx) => startHunt(ctx, body))
  mountList(app, contract.listHunts, ({ query }, ctx) => listHunts(ctx, query))
  mount(app, contract.getHunt, ({ params }, ctx) => getHunt(ctx, params.detection_hunt_id))
  mount(app, contract.cancelHunt, ({ params }, ctx) => cancelHunt(ctx, params.detection_hunt_id))
  mount(app, contract.backtest, ({ body }, ctx) => backtest(ctx, body))
}
