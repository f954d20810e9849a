import { useEffect, useState } from 'react'

/** What is typed into a field counts once one has stopped typing; a value that comes from elsewhere replaces it. */
export const useLateText = (value: string, onChange: (value: string) => void): [text: string, setText: (text: string) => void] => {
  const [text, setText] = useState(value)
  const [seen, setSeen] = useState(value)
  const [sent, setSent] = useState(value)
  if (seen !== value) {
    setSeen(value)
    // One's own text that comes back leaves alone what was typed meanwhile.
    if (value !== sent) setText(value)
    setSent(value)
  }
  useEffect(() => {
    if (text === value) return
    const timer = setTimeout(() => {
      setSent(text)
      onChange(text)
    }, 250)
    return () => clearTimeout(timer)
  }, [text, value, onChange])
  return [text, setText]
}
