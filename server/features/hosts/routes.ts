import * as contract from '../../../shared/contract/hosts.ts'
import type { HttpApp } from '../../http/http-app.ts'
import { mount, mountList } from '../../http/mount.ts'
import { addHost, collectedFrom, showHost, showHosts } from './read-hosts.ts'

export const mountHosts = (app: HttpApp): void => {
  mountList(app, contract.listHosts, ({ query }, ctx) => showHosts(ctx, query))
  mount(app, contract.createHost, ({ body }, ctx) => addHost(ctx, body))
  mount(app, contract.getHost, ({ params }, ctx) => showHost(ctx, params.host_id))
  mount(app, contract.hostArtifacts, ({ params }, ctx) => collectedFrom(ctx, params.host_id))
}
