import type { Suggestion } from '../../../../../shared/query/completion/complete.ts'
import { evidenceText } from '../../../ui/format/evidence.ts'
import { countOf } from '../../../ui/format/numbers.ts'
import { Popover } from '../../../ui/overlay/Popover.tsx'
import { typeMark } from '../fields/groups.ts'
import type { Completion } from './useCompletion.ts'

export interface SuggestionListProps {
  id: string
  anchor: Element | null
  completion: Completion
}

const plain = (text: string): string => text.toLowerCase().replaceAll('.', '_')

const Name = ({ name, word }: { name: string; word: string }) => {
  const wanted = plain(word.replaceAll('*', ''))
  const at = wanted === '' ? -1 : plain(name).indexOf(wanted)
  if (at === -1) return <>{evidenceText(name)}</>
  return (
    <>
      {evidenceText(name.slice(0, at))}
      <b>{evidenceText(name.slice(at, at + wanted.length))}</b>
      {evidenceText(name.slice(at + wanted.length))}
    </>
  )
}

const kinds: Readonly<Record<Exclude<Suggestion['kind'], 'field'>, readonly [mark: string, word: string]>> = {
  value: ['=', 'value'],
  operator: ['·', 'operator'],
  stage: ['|', 'stage'],
}
const markOf = ({ kind, type }: Suggestion): readonly [mark: string, word: string] =>
  kind === 'field' ? typeMark[type ?? 'text'] : kinds[kind]

const aboutOf = ({ about, rows }: Suggestion): string => (rows !== null && rows > 0 ? countOf(rows, 'row') : about)

/** What may stand at the caret; the focus stays in the box. */
export const SuggestionList = ({ id, anchor, completion }: SuggestionListProps) => {
  const { options, word, active, accept, close } = completion
  return (
    <Popover
      anchor={options.length > 0 ? anchor : null}
      onClose={close}
      label="Suggestions"
      role="listbox"
      id={id}
      className="query-fields"
    >
      {options.map((option, at) => {
        const [mark, kind] = markOf(option)
        return (
          <div
            key={`${option.kind} ${option.written}`}
            id={`${id}-${at}`}
            role="option"
            aria-selected={at === active}
            className="query-field-option"
            title={`${evidenceText(option.name)}, ${kind}`}
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => accept(at)}
          >
            <span className="field-type" aria-hidden="true">
              {mark}
            </span>
            <span className="grow cut mono">
              <Name name={option.name} word={word} />
            </span>
            <span className="muted cut query-about">{aboutOf(option)}</span>
            {at === Math.max(0, active) && (
              <kbd className="not-phone" aria-hidden="true">
                Tab
              </kbd>
            )}
          </div>
        )
      })}
    </Popover>
  )
}
