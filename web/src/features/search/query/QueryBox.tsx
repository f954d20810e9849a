import { type KeyboardEvent, type ReactNode, type Ref, type RefObject, useId, useLayoutEffect, useRef, useState } from 'react'
import { Icon } from '../../../ui/icons/Icon.tsx'
import { SuggestionList } from './SuggestionList.tsx'
import { overlayPieces, type Wrong } from './overlay.ts'
import { QueryHelp } from './QueryHelp.tsx'
import { type Completion, useCompletion } from './useCompletion.ts'
import './query.css'

export interface QueryBoxProps {
  text: string
  wrong: Wrong | null
  problemId: string | undefined
  /** Beside the text: what brings searches back. */
  tools: ReactNode
  onChange: (text: string) => void
  /** Runs a query, which the box then holds. */
  onRun: (text: string) => void
}

const Layer = ({ text, wrong, ref }: Pick<QueryBoxProps, 'text' | 'wrong'> & { ref: Ref<HTMLDivElement> }) => (
  <div className="query-layer" aria-hidden="true" ref={ref}>
    {overlayPieces(text, wrong).map((piece, at) => (
      <span key={`${at}${piece.kind}`} className={`query-${piece.kind} ${piece.is_wrong ? 'query-wrong' : ''}`}>
        {piece.text}
      </span>
    ))}
  </div>
)

const plainText = {
  spellCheck: false,
  autoComplete: 'off',
  autoCorrect: 'off',
  autoCapitalize: 'off',
  enterKeyHint: 'search',
  maxLength: 65_536,
} as const

/** What says to a reader of the screen that names are offered, and which one is meant. */
const comboOf = (id: string, { options, active }: Completion) => {
  const isOpen = options.length > 0
  return {
    role: 'combobox',
    'aria-autocomplete': 'list',
    'aria-expanded': isOpen,
    'aria-controls': isOpen ? id : undefined,
    'aria-activedescendant': isOpen && active >= 0 ? `${id}-${active}` : undefined,
  } as const
}

/** The coloured text lies behind the input and scrolls with it. */
const useLayer = (input: RefObject<HTMLInputElement | null>) => {
  const layer = useRef<HTMLDivElement>(null)
  const follow = () => {
    if (layer.current !== null && input.current !== null) layer.current.scrollLeft = input.current.scrollLeft
  }
  useLayoutEffect(follow)
  return { layer, follow }
}

/** One line of text over the same text in colour: the input's own letters are transparent. The shell finds it for `/`. */
export const QueryBox = ({ text, wrong, problemId, tools, onChange, onRun }: QueryBoxProps) => {
  const input = useRef<HTMLInputElement>(null)
  const { layer, follow } = useLayer(input)
  const id = useId()
  const [anchor, setAnchor] = useState<Element | null>(null)
  const completion = useCompletion(text, input, onChange)
  const onExample = (example: string) => {
    onRun(example)
    input.current?.focus()
  }
  const onSelect = () => {
    completion.onCaret()
    follow()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (completion.onKey(event)) event.preventDefault()
    else if (event.key === 'Enter' && !event.nativeEvent.isComposing) {
      event.preventDefault()
      completion.close()
      onRun(text)
    } else if (event.key === 'Escape') input.current?.blur()
  }
  return (
    <div className="query-box">
      <Icon name="search" />
      <div className="query-text" ref={setAnchor}>
        <Layer ref={layer} text={text} wrong={wrong} />
        <input
          ref={input}
          className="query-input"
          data-query-box=""
          {...plainText}
          {...comboOf(id, completion)}
          aria-label="Query"
          aria-invalid={wrong !== null || undefined}
          aria-describedby={problemId}
          placeholder="Search every row, or name a field: process_name:powershell.exe"
          value={text}
          onChange={(event) => {
            onChange(event.currentTarget.value)
            completion.onTyped()
          }}
          onBlur={completion.close}
          onKeyDown={onKeyDown}
          onKeyUp={follow}
          onSelect={onSelect}
          onScroll={follow}
        />
      </div>
      <SuggestionList id={id} anchor={anchor} completion={completion} />
      {tools}
      <QueryHelp onPick={onExample} />
      <kbd className="not-phone" aria-hidden="true">
        /
      </kbd>
    </div>
  )
}
