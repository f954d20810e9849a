import { tagFacet as tagFacetRoute } from '../../../shared/contract/notes/annotations.ts'
import { prevalence as prevalenceRoute } from '../../../shared/contract/hunt/prevalence.ts'
import { facets as facetsRoute } from '../../../shared/contract/hunt/facets.ts'
import * as contract from '../../../shared/contract/search.ts'
import type { HttpApp } from '../../http/http-app.ts'
import { mount } from '../../http/mount.ts'
import { facets, fieldValues } from './facets/facets.ts'
import { getEvent } from './get-event.ts'
import { histogram } from './histogram/histogram.ts'
import type { Search } from './index.ts'
import { listFields } from './list-fields.ts'
import { tagFacet } from './notes/tag-facet.ts'
import { overview } from './overview.ts'
import { prevalence } from './prevalence/prevalence.ts'

export const mountSearch = (app: HttpApp, search: Search): void => {
  mount(app, contract.search, ({ body }, ctx) => search.searchRows(ctx, body))
  mount(app, contract.getEvent, ({ params }, ctx) => getEvent(ctx, params.event_id))
  mount(app, contract.histogram, ({ body }, ctx) => histogram(ctx, body))
  mount(app, facetsRoute, ({ body }, ctx) => facets(ctx, body))
  mount(app, contract.listFields, ({ body }, ctx) => listFields(ctx, body))
  mount(app, contract.fieldValues, ({ body }, ctx) => fieldValues(ctx, body))
  mount(app, tagFacetRoute, ({ body }, ctx) => tagFacet(ctx, body))
  mount(app, prevalenceRoute, ({ body }, ctx) => prevalence(ctx, body))
  mount(app, contract.overview, (_, ctx) => overview(ctx))
}
