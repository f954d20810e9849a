// The editor itself. It stands in a shadow tree, where its styles are sheets of its own: the page's policy allows no style elements.
import { autocompletion, closeBrackets, type Completion, type CompletionContext, type CompletionResult } from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands'
import { yaml } from '@codemirror/lang-yaml'
import { HighlightStyle, indentUnit, syntaxHighlighting } from '@codemirror/language'
import { type Diagnostic, lintGutter, setDiagnostics } from '@codemirror/lint'
import { EditorState } from '@codemirror/state'
import { EditorView, keymap, lineNumbers } from '@codemirror/view'
import { tags } from '@lezer/highlight'
import { fields, modifiers, sourceKeys, topKeys, values } from './sigma-words.data.ts'

export interface Fault {
  line: number | null
  column: number | null
  message: string
  isWarning: boolean
}

export interface CodeEditor {
  setFaults: (faults: readonly Fault[]) => void
  destroy: () => void
}

const look = EditorView.theme({
  '&': { height: '100%', minHeight: '420px', fontSize: '12px', color: 'var(--text)', backgroundColor: 'var(--bg-sunken)' },
  '&.cm-focused': { outline: '2px solid var(--focus)', outlineOffset: '-2px' },
  '.cm-content': { fontFamily: 'var(--font-evidence)', caretColor: 'var(--text)' },
  '.cm-gutters': { backgroundColor: 'var(--bg-surface)', color: 'var(--text-muted)', border: 'none' },
  '.cm-cursor': { borderLeftColor: 'var(--text)' },
  '&.cm-focused .cm-selectionBackground, .cm-selectionBackground': { backgroundColor: 'var(--bg-selected)' },
  '.cm-tooltip': { backgroundColor: 'var(--bg-overlay)', color: 'var(--text)', border: '1px solid var(--line-strong)' },
  '.cm-tooltip-autocomplete ul li[aria-selected]': { backgroundColor: 'var(--bg-selected)', color: 'var(--text)' },
})

const colours = HighlightStyle.define([
  { tag: [tags.definition(tags.propertyName), tags.propertyName], color: 'var(--accent)' },
  { tag: tags.comment, color: 'var(--text-muted)' },
  { tag: [tags.string, tags.content], color: 'var(--text)' },
  { tag: [tags.punctuation, tags.separator], color: 'var(--text-soft)' },
])

const options = (words: readonly string[], after = ''): Completion[] =>
  words.map((label) => ({ label, apply: `${label}${after}`, type: 'keyword' }))

const after = (context: CompletionContext, typed: string, words: Completion[]): CompletionResult => ({
  from: context.pos - typed.length,
  options: words,
})

const ofValue = (context: CompletionContext, before: string): CompletionResult | null => {
  const [, key = '', typed = ''] = /^\s*(\w+):\s+(\w*)$/.exec(before) ?? []
  const words = values[key]
  return words === undefined ? null : after(context, typed, options(words))
}

const ofKey = (context: CompletionContext, before: string): CompletionResult | null => {
  const found = /^(\s*)(?:- )?(\w*)$/.exec(before)
  const typed = found?.[2] ?? ''
  if (found === null || (typed === '' && !context.explicit)) return null
  return after(context, typed, options(found[1] === '' ? topKeys : [...sourceKeys, 'condition', ...fields], ': '))
}

const complete = (context: CompletionContext): CompletionResult | null => {
  const line = context.state.doc.lineAt(context.pos)
  const before = line.text.slice(0, context.pos - line.from)
  const modifier = /\|(\w*)$/.exec(before)
  if (modifier !== null) return after(context, modifier[1] ?? '', options(modifiers))
  return ofValue(context, before) ?? ofKey(context, before)
}

const placeOf = (state: EditorState, fault: Fault): { from: number; to: number } => {
  const line = state.doc.line(Math.min(state.doc.lines, Math.max(1, fault.line ?? 1)))
  const from = Math.min(line.to, line.from + Math.max(0, (fault.column ?? 1) - 1))
  return { from, to: line.to }
}

export const openCodeEditor = (host: HTMLElement, o: { text: string; label: string; onChange: (text: string) => void }): CodeEditor => {
  const root = host.shadowRoot ?? host.attachShadow({ mode: 'open' })
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: o.text,
      extensions: [
        lineNumbers(),
        history(),
        closeBrackets(),
        indentUnit.of('    '),
        yaml(),
        syntaxHighlighting(colours),
        autocompletion({ override: [complete] }),
        lintGutter(),
        look,
        EditorView.contentAttributes.of({ 'aria-label': o.label }),
        // Escape, then Tab leaves the editor
        keymap.of([...defaultKeymap, ...historyKeymap, indentWithTab]),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) o.onChange(update.state.doc.toString())
        }),
      ],
    }),
  })
  return {
    setFaults: (faults) => {
      const found = faults.map(
        (fault): Diagnostic => ({ ...placeOf(view.state, fault), severity: fault.isWarning ? 'warning' : 'error', message: fault.message }),
      )
      view.dispatch(setDiagnostics(view.state, found))
    },
    destroy: () => view.destroy(),
  }
}
