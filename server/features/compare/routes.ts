import * as contract from '../../../shared/contract/hunt/compare.ts'
import { type HttpApp, mount } from '../../http/mount.ts'
import { artifactsOfSides, compareSides } from './compare.ts'

export const mountCompare = (app: HttpApp): void => {
  mount(app, contract.compareArtifacts, ({ body }, ctx) => artifactsOfSides(ctx, body))
  mount(app, contract.compare, ({ body }, ctx) => compareSides(ctx, body))
}
