import * as contract from '../../../shared/contract/detect/indicators.ts'
import type { IndicatorKind, Tlp } from '../../../shared/domain/indicators.ts'
import { type HttpApp, mount, mountList, mountRaw } from '../../http/mount.ts'
import { changeEntry, removeEntries, showBatches, showIndicators, showMatches } from './entries.ts'
import type { Indicators } from './index.ts'
import { changeList, createList, deleteList, showList, showLists } from './lists.ts'
import { addOne, importFile, preview } from './put.ts'
import { cancelRun, listRuns, matchAgain } from './runs.ts'

interface Given {
  kind?: IndicatorKind
  file_name?: string
  source?: string
  tlp?: Tlp
  confidence?: number
  valid_until?: string
  description?: string
}

const mountLists = (app: HttpApp, { fold }: Indicators): void => {
  mount(app, contract.listIndicatorLists, (_, ctx) => showLists(ctx))
  mount(app, contract.createIndicatorList, ({ body }, ctx) => createList(ctx, body))
  mount(app, contract.getIndicatorList, ({ params }, ctx) => showList(ctx, params.list_id))
  mount(app, contract.changeIndicatorList, ({ params, body }, ctx) => changeList(ctx, params.list_id, body))
  mount(app, contract.deleteIndicatorList, ({ params }, ctx) => deleteList(ctx, params.list_id, fold))
  mountList(app, contract.listIndicators, ({ params, query }, ctx) => showIndicators(ctx, params.list_id, query))
  mountList(app, contract.listIndicatorBatches, ({ params, query }, ctx) => showBatches(ctx, params.list_id, query))
}

const mountPut = (app: HttpApp): void => {
  mountRaw(app, contract.previewIndicators, async (request, reply, ctx) =>
    reply.send(await preview(ctx, request.raw, (request.query as Given).kind ?? null)),
  )
  mountRaw(app, contract.importIndicators, async (request, reply, ctx) => {
    const { list_id } = request.params as { list_id: string }
    return reply.code(201).send(await importFile(ctx, list_id, request.query as Given, request.raw))
  })
  mount(app, contract.addIndicator, ({ body }, ctx) => addOne(ctx, body))
}

export const mountIndicators = (app: HttpApp, indicators: Indicators): void => {
  mountLists(app, indicators)
  mountPut(app)
  mount(app, contract.changeIndicator, ({ params, body }, ctx) => changeEntry(ctx, params.indicator_id, body, indicators.fold))
  mount(app, contract.removeIndicators, ({ body }, ctx) => removeEntries(ctx, body.ids, indicators.fold))
  mount(app, contract.matchIndicatorsAgain, ({ params }, ctx) => matchAgain(ctx, params.list_id))
  mountList(app, contract.listIndicatorRuns, ({ query }, ctx) => listRuns(ctx, query))
  mount(app, contract.cancelIndicatorRun, ({ params }, ctx) => cancelRun(ctx, params.indicator_run_id))
  mountList(app, contract.listIndicatorMatches, ({ query }, ctx) => showMatches(ctx, query))
}
