import { type KeyboardEvent, useLayoutEffect, useRef } from 'react'
import { Icon } from '../../../ui/icons/Icon.tsx'
import { overlayPieces, type Wrong } from './overlay.ts'
import { QueryHelp } from './QueryHelp.tsx'
import { QueryHistory } from './QueryHistory.tsx'
import './query.css'

export interface QueryBoxProps {
  text: string
  wrong: Wrong | null
  problemId: string | undefined
  history: readonly string[]
  onChange: (text: string) => void
  onRun: () => void
  /** Puts a query in and runs it. */
  onPick: (text: string) => void
}

/** One line of text over the same text in colour: the input's own letters are transparent. The shell finds it for `/`. */
export const QueryBox = ({ text, wrong, problemId, history, onChange, onRun, onPick }: QueryBoxProps) => {
  const input = useRef<HTMLInputElement>(null)
  const layer = useRef<HTMLDivElement>(null)
  const follow = () => {
    if (layer.current !== null && input.current !== null) layer.current.scrollLeft = input.current.scrollLeft
  }
  useLayoutEffect(follow)
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && !event.nativeEvent.isComposing) {
      event.preventDefault()
      onRun()
    } else if (event.key === 'Escape') input.current?.blur()
  }
  return (
    <div className="query-box">
      <Icon name="search" />
      <div className="query-text">
        <div className="query-layer" aria-hidden="true" ref={layer}>
          {overlayPieces(text, wrong).map((piece, at) => (
            <span key={`${at}${piece.kind}`} className={`query-${piece.kind} ${piece.is_wrong ? 'query-wrong' : ''}`}>
              {piece.text}
            </span>
          ))}
        </div>
        <input
          ref={input}
          className="query-input"
          data-query-box=""
          aria-label="Query"
          aria-invalid={wrong !== null || undefined}
          aria-describedby={problemId}
          placeholder="Search every row, or name a field: process_name:powershell.exe"
          value={text}
          spellCheck={false}
          autoComplete="off"
          autoCorrect="off"
          autoCapitalize="off"
          enterKeyHint="search"
          maxLength={65_536}
          onChange={(event) => onChange(event.currentTarget.value)}
          onKeyDown={onKeyDown}
          onKeyUp={follow}
          onSelect={follow}
          onScroll={follow}
        />
      </div>
      <QueryHistory history={history} onPick={onPick} />
      <QueryHelp
        onPick={(example) => {
          onChange(example)
          input.current?.focus()
        }}
      />
      <kbd className="not-phone" aria-hidden="true">
        /
      </kbd>
    </div>
  )
}
