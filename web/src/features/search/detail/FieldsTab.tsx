import { useEffect, useMemo, useRef, useState } from 'react'
import type { EventRow } from '../../../../../shared/contract/search.ts'
import { CopyButton } from '../../../ui/actions/CopyButton.tsx'
import { TextField } from '../../../ui/forms/TextField.tsx'
import { formatBytes, formatNumber } from '../../../ui/format/numbers.ts'
import { useExplore } from '../explore-context.ts'
import { PrevalenceOf } from '../prevalence/PrevalenceOf.tsx'
import { isPrevalent } from '../prevalence/prevalent.ts'
import { ValueText } from '../values/Marked.tsx'
import type { FieldValue } from '../values/row-values.ts'
import { detailFields } from './detail-fields.ts'

/** A megabyte in one value is drawn in part, and copied whole. */
const mostShown = 20_000

const Value = ({ handle, shown }: { handle: FieldValue; shown: string }) => {
  const { matchers, openMenu } = useExplore()
  const [isOpen, setOpen] = useState(false)
  const [isCut, setCut] = useState(false)
  const ref = useRef<HTMLButtonElement>(null)
  const text = handle.value ?? ''
  useEffect(() => {
    const element = ref.current
    if (element === null) return
    // While it is open nothing is cut, and the way back must stay.
    const observer = new ResizeObserver(() =>
      setCut((before) => element.scrollHeight > element.clientHeight + 2 || (before && !element.classList.contains('detail-clamp'))),
    )
    observer.observe(element)
    return () => observer.disconnect()
  }, [])
  return (
    <div className="detail-value">
      <button
        ref={ref}
        type="button"
        className={`mono detail-handle ${isOpen ? '' : 'detail-clamp'}`}
        aria-haspopup="menu"
        onClick={(event) => {
          if (getSelection()?.isCollapsed ?? true) openMenu(event.currentTarget, handle)
        }}
      >
        <ValueText value={handle.value} field={shown} matchers={matchers} most={isOpen ? mostShown : 2000} />
      </button>
      {(isCut || isOpen) && (
        <span className="detail-more">
          <button type="button" className="field-link" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
            {isOpen ? 'Less' : `All of it, ${formatBytes(new TextEncoder().encode(text).length)}`}
          </button>
          {isOpen && text.length > mostShown && (
            <span className="muted">{formatNumber(text.length - mostShown)} more characters are in the copy only.</span>
          )}
        </span>
      )}
    </div>
  )
}

/** The fields of the common schema first, then the artifact's own columns. */
export const FieldsTab = ({ row }: { row: EventRow }) => {
  const [text, setText] = useState('')
  const groups = useMemo(() => detailFields(row, text), [row, text])
  return (
    <>
      <div className="detail-filter">
        <TextField
          label="Filter the fields of this row"
          hideLabel
          placeholder="Filter names and values"
          value={text}
          onChange={setText}
          autoComplete="off"
          spellCheck={false}
        />
      </div>
      {groups.map((group) => (
        <section key={group.title} aria-label={group.title}>
          <h3 className="detail-group">{group.title}</h3>
          <dl>
            {group.fields.map((field) => (
              <div key={field.name} className="detail-field">
                <dt title={field.name}>{field.shown}</dt>
                <dd>
                  {field.values.map((value, nth) => (
                    <Value key={`${nth} ${value ?? ''}`} handle={{ field: field.name, value }} shown={field.shown} />
                  ))}
                </dd>
                <dd className="detail-copy">
                  <CopyButton value={field.values.map((value) => value ?? 'null').join('\n')} label={`Copy ${field.shown}`} />
                  {isPrevalent(field.name) && <PrevalenceOf field={field.name} value={field.values[0] ?? null} />}
                </dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
      {groups.length === 0 && <p className="detail-none">No field of this row has “{text}” in its name or value.</p>}
    </>
  )
}
