import * as contract from '../../../shared/contract/hosts.ts'
import * as tabs from '../../../shared/contract/hunt/host-tabs.ts'
import type { HttpApp } from '../../http/http-app.ts'
import { mount, mountList } from '../../http/mount.ts'
import { microsOfIso } from '../../platform/iso-time.ts'
import { readCoverage } from './coverage/read-coverage.ts'
import { readOverview } from './overview/read-overview.ts'
import { readProcesses } from './processes/read-processes.ts'
import { addHost, collectedFrom, showHost, showHosts } from './read-hosts.ts'
import { readConnections, readPeers } from './network/read-network.ts'
import { readLogons, readPersistence, readSoftware } from './tables/read-tables.ts'

export const mountHosts = (app: HttpApp): void => {
  mountList(app, contract.listHosts, ({ query }, ctx) => showHosts(ctx, query))
  mount(app, contract.createHost, ({ body }, ctx) => addHost(ctx, body))
  mount(app, tabs.hostCoverage, ({ query }, ctx) => readCoverage(ctx, query))
  mount(app, contract.getHost, ({ params }, ctx) => showHost(ctx, params.host_id))
  mount(app, contract.hostArtifacts, ({ params }, ctx) => collectedFrom(ctx, params.host_id))
  mount(app, tabs.hostOverview, ({ params }, ctx) => readOverview(ctx, params.host_id))
  mount(app, tabs.hostProcesses, ({ params, query }, ctx) =>
    readProcesses(ctx, params.host_id, { limit: query.limit, before: query.before === undefined ? null : microsOfIso(query.before) }),
  )
  mount(app, tabs.hostNetwork, ({ params, query }, ctx) => readConnections(ctx, params.host_id, query))
  mount(app, tabs.hostPeers, ({ params, query }, ctx) => readPeers(ctx, params.host_id, query.limit))
  mount(app, tabs.hostPersistence, ({ params, query }, ctx) => readPersistence(ctx, params.host_id, query))
  mount(app, tabs.hostLogons, ({ params, query }, ctx) => readLogons(ctx, params.host_id, query))
  mount(app, tabs.hostSoftware, ({ params, query }, ctx) => readSoftware(ctx, params.host_id, query))
}
