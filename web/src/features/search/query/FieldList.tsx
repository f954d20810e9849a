import { formatNumber } from '../../../ui/format/numbers.ts'
import { evidenceText } from '../../../ui/format/evidence.ts'
import { Popover } from '../../../ui/overlay/Popover.tsx'
import { typeMark } from '../fields/groups.ts'
import type { Completion } from './useCompletion.ts'

export interface FieldListProps {
  id: string
  anchor: Element | null
  completion: Completion
}

const Name = ({ name, word }: { name: string; word: string }) => {
  const at = word === '' ? -1 : name.toLowerCase().replaceAll('.', '_').indexOf(word.toLowerCase().replaceAll('.', '_'))
  if (at === -1) return <>{evidenceText(name)}</>
  return (
    <>
      {evidenceText(name.slice(0, at))}
      <b>{evidenceText(name.slice(at, at + word.length))}</b>
      {evidenceText(name.slice(at + word.length))}
    </>
  )
}

/** The fields that the word may mean; the focus stays in the box. */
export const FieldList = ({ id, anchor, completion }: FieldListProps) => {
  const { options, word, active, accept, close } = completion
  return (
    <Popover anchor={options.length > 0 ? anchor : null} onClose={close} label="Fields" role="listbox" id={id} className="query-fields">
      {options.map((field, at) => {
        const [mark, type] = typeMark[field.type]
        return (
          <div
            key={field.name}
            id={`${id}-${at}`}
            role="option"
            aria-selected={at === active}
            className="query-field-option"
            title={`${evidenceText(field.name)}, ${type}`}
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => accept(at)}
          >
            <span className="field-type" aria-hidden="true">
              {mark}
            </span>
            <span className="grow cut mono">
              <Name name={field.name} word={word} />
            </span>
            <span className="muted">{field.rows > 0 && `${formatNumber(field.rows)} rows`}</span>
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
