import { useEffect, useRef, useState } from 'react'
import { type CodeEditor, type Fault, openCodeEditor } from './code-editor.ts'

export interface CodeFieldProps {
  label: string
  /** As it stands at first; what is typed comes by `onChange`. */
  text: string
  faults: readonly Fault[]
  onChange: (text: string) => void
}

export const CodeField = ({ label, text, faults, onChange }: CodeFieldProps) => {
  const host = useRef<HTMLDivElement>(null)
  const [editor, setEditor] = useState<CodeEditor | null>(null)
  const latest = useRef({ text, onChange })
  useEffect(() => {
    latest.current = { text, onChange }
  }, [text, onChange])
  useEffect(() => {
    if (host.current === null) return undefined
    const opened = openCodeEditor(host.current, { text: latest.current.text, label, onChange: (next) => latest.current.onChange(next) })
    setEditor(opened)
    return () => opened.destroy()
  }, [label])
  useEffect(() => editor?.setFaults(faults), [editor, faults])
  return <div ref={host} className="rules-editor" />
}
