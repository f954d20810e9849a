import { useEffect, useState } from 'react'

/** What is typed into a field counts once one has stopped typing; a value that changes from outside replaces it. */
export const useLateText = (value: string, onChange: (value: string) => void): [text: string, setText: (text: string) => void] => {
  const [text, setText] = useState(value)
  const [applied, setApplied] = useState(value)
  if (applied !== value) {
    setApplied(value)
    setText(value)
  }
  useEffect(() => {
    if (text === value) return
    const timer = setTimeout(() => onChange(text), 250)
    return () => clearTimeout(timer)
  }, [text, value, onChange])
  return [text, setText]
}
