import type { SavedState, SearchParameter } from '../../../../shared/domain/hunt.ts'
import { parseMoment } from '../../../../shared/query/literals.ts'
import { bindQuery, misfitOf, placeholdersIn, type Value } from '../../../../shared/query/placeholders/bind.ts'
import { joinParts } from '../../../../shared/query/placeholders/join-parts.ts'
import { AppError, invalid } from '../../../platform/errors.ts'
import { isoOfMicros } from '../../../platform/iso-time.ts'
import type { FilterBody } from '../question.ts'

export const placeholdersOf = (state: SavedState): string[] => [
  ...new Set([state.q, ...state.pills.map((pill) => pill.text)].flatMap(placeholdersIn)),
]

/** Each placeholder has its parameter, and each parameter its placeholder. @throws AppError validation */
export const checkParameters = (state: SavedState, parameters: readonly SearchParameter[]): void => {
  const used = placeholdersOf(state)
  const names = parameters.map((parameter) => parameter.name)
  const lacking = used.find((name) => !names.includes(name))
  if (lacking !== undefined) throw invalid('parameters', `{{${lacking}}} stands in the query and is no parameter`)
  const idle = names.find((name, at) => !used.includes(name) || names.indexOf(name) !== at)
  if (idle !== undefined) throw invalid('parameters', `${idle} stands nowhere in the query, or is named twice`)
  for (const { name, type, default: text } of parameters) {
    const why = text === null ? null : misfitOf({ type, text })
    if (why !== null) throw invalid('parameters', `the default of ${name}: ${why}`)
  }
  // Whatever the value, the query must be one that a value can be put into.
  bindState({ state, parameters }, Object.fromEntries(parameters.map(({ name, type }) => [name, samples[type]])))
}

const samples = { text: 'x', pattern: 'x*', number: '1', time: 'now' } as const

const valuesOf = (parameters: readonly SearchParameter[], given: Readonly<Record<string, string>>): Map<string, Value> => {
  const stray = Object.keys(given).find((name) => !parameters.some((parameter) => parameter.name === name))
  if (stray !== undefined) throw invalid('values', `${stray} is no parameter of this search`)
  return new Map(parameters.map(({ name, type, default: usual }) => [name, { type, text: given[name] ?? usual ?? '' }]))
}

/** The state with its placeholders filled in. @throws AppError validation for a value that is missing or does not fit */
export const bindState = (
  search: { state: SavedState; parameters: readonly SearchParameter[] },
  given: Readonly<Record<string, string>>,
): SavedState => {
  const values = valuesOf(search.parameters, given)
  const bind = (text: string): string => {
    const bound = bindQuery(text, values)
    if (bound.ok) return bound.text
    throw invalid('values', bound.message)
  }
  const { state } = search
  return { ...state, q: bind(state.q), pills: state.pills.map((pill) => ({ ...pill, text: bind(pill.text) })) }
}

const timeOf = (bound: string | null, now: Date): string | undefined => {
  if (bound === null) return undefined
  const moment = parseMoment(bound, now.getTime())
  if (moment === null) throw new AppError('validation', `The saved search has a time that cannot be read: ${bound.slice(0, 60)}`)
  return isoOfMicros(moment.from)
}

/** What a state asks of the rows, as of now. */
export const filterOf = (state: SavedState, now: Date): FilterBody => {
  const list = <T>(some: T[]): T[] | undefined => (some.length === 0 ? undefined : some)
  return {
    query: joinParts([state.q, ...state.pills.filter((pill) => !pill.is_off).map((pill) => pill.text)]),
    from: timeOf(state.from, now),
    to: timeOf(state.to, now),
    import_ids: list(state.imports),
    artifacts: list(state.artifacts),
    host_ids: list(state.hosts),
  }
}
