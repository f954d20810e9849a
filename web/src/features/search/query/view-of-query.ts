import { parsePipeline } from '../../../../../shared/query/pipeline.ts'
import { type ViewName, views } from '../views/views.ts'

/** The view that a stage of the query asks for; null where it asks for none, or for one that does not exist. */
const askedBy = (q: string): ViewName | null => {
  const parsed = parsePipeline(q)
  if (!parsed.ok) return null
  return views.find(({ name }) => parsed.pipeline.stages.some((stage) => stage.kind === name))?.name ?? null
}

/** Where a query that is run is seen: a stack and a timeline open their views, and taking the stage out leaves them. */
export const viewOfQuery = (q: string, before: { q: string; view: ViewName }): ViewName => {
  const asked = askedBy(q)
  if (asked !== null) return asked
  return askedBy(before.q) === before.view ? 'rows' : before.view
}
