import { Segmented } from '../../../ui/actions/Segmented.tsx'
import { useHotkeys } from '../../../ui/keys/useHotkeys.ts'
import { useExplore } from '../explore-context.ts'
import { viewAfter, views } from './views.ts'

const options = views.map(({ name, label }) => ({ value: name, label }))

/** The same query seen another way: what was asked stays. */
export const ViewSwitch = () => {
  const { state, patch } = useExplore()
  useHotkeys('Explore', [{ keys: 'v', does: 'Next view of the query', run: () => patch({ view: viewAfter(state.view) }) }])
  return <Segmented label="View" value={state.view} options={options} onChange={(view) => patch({ view })} />
}
