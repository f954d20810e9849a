import { useEffect, useState } from 'react'
import { copyText } from './copy-text.ts'
import { IconButton } from './IconButton.tsx'

/** Copies the raw value, not what is shown. */
export const CopyButton = ({ value, label = 'Copy' }: { value: string; label?: string }) => {
  const [state, setState] = useState<'idle' | 'done' | 'refused'>('idle')
  useEffect(() => {
    if (state === 'idle') return
    const timer = setTimeout(() => setState('idle'), 2000)
    return () => clearTimeout(timer)
  }, [state])
  const copy = () => {
    void copyText(value).then((isCopied) => setState(isCopied ? 'done' : 'refused'))
  }
  const said = state === 'done' ? 'Copied' : state === 'refused' ? 'The browser refused to copy' : ''
  return (
    <>
      <IconButton icon={state === 'done' ? 'check' : 'copy'} label={said === '' ? label : said} onClick={copy} />
      <span className="visually-hidden" role="status">
        {said}
      </span>
    </>
  )
}
