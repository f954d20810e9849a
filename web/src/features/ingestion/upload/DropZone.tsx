import { type ChangeEvent, type Ref, useEffect, useImperativeHandle, useRef, useState } from 'react'
import { Button } from '../../../ui/actions/Button.tsx'
import { Icon } from '../../../ui/icons/Icon.tsx'
import { Keys } from '../../../ui/keys/Keys.tsx'
import { useHotkeys } from '../../../ui/keys/useHotkeys.ts'

export interface DropZoneHandle {
  choose: () => void
}

const holdsFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') === true

/** A field for a file takes its own; what falls on a dialog, such as a private key, is nothing to import. */
const landsOn = ({ target }: Event): 'field' | 'dialog' | 'page' => {
  if (!(target instanceof Element)) return 'page'
  if (target.closest('input[type="file"]') !== null) return 'field'
  return target.closest('dialog') === null ? 'page' : 'dialog'
}

/** Files may be dropped anywhere on the page; true while they are above it. The browser never opens one in the page's place. */
export const usePageDrop = (onFiles: ((files: readonly File[]) => void) | null): boolean => {
  const [isOver, setOver] = useState(false)
  const take = useRef(onFiles)
  useEffect(() => {
    take.current = onFiles
  })
  useEffect(() => {
    // dragenter and dragleave come for every element on the way.
    let depth = 0
    const enter = (event: DragEvent) => {
      if (!holdsFiles(event)) return
      depth += event.type === 'dragenter' ? 1 : 0
      const place = landsOn(event)
      if (place !== 'field') event.preventDefault()
      setOver(place === 'page' && take.current !== null)
    }
    const leave = () => {
      depth = Math.max(0, depth - 1)
      if (depth === 0) setOver(false)
    }
    const drop = (event: DragEvent) => {
      depth = 0
      setOver(false)
      const place = landsOn(event)
      if (!holdsFiles(event) || place === 'field') return
      event.preventDefault()
      if (place === 'page') take.current?.([...(event.dataTransfer?.files ?? [])])
    }
    const on = { dragenter: enter, dragover: enter, dragleave: leave, drop } as const
    for (const [name, listener] of Object.entries(on)) window.addEventListener(name as 'drop', listener)
    return () => {
      for (const [name, listener] of Object.entries(on)) window.removeEventListener(name as 'drop', listener)
    }
  }, [])
  return isOver
}

export interface DropZoneProps {
  isOver: boolean
  onFiles: (files: readonly File[]) => void
  ref?: Ref<DropZoneHandle>
}

export const DropZone = ({ isOver, onFiles, ref }: DropZoneProps) => {
  const input = useRef<HTMLInputElement>(null)
  const choose = () => input.current?.click()
  useImperativeHandle(ref, () => ({ choose }))
  useHotkeys('Imports', [{ keys: 'u', does: 'Choose files', run: choose }])
  const onChange = (event: ChangeEvent<HTMLInputElement>) => {
    const files = [...(event.currentTarget.files ?? [])]
    // The same file may be chosen again, to go on with it.
    event.currentTarget.value = ''
    if (files.length > 0) onFiles(files)
  }
  return (
    <section className={`drop ${isOver ? 'drop-over' : ''}`} aria-label="Import files">
      <span className="drop-mark">
        <Icon name="import" size={20} />
      </span>
      <div className="grow">
        <h2>{isOver ? 'Let go to import' : 'Drop Velociraptor exports here'}</h2>
        <p className="soft">Collection and hunt ZIPs, CSV, JSON, JSONL, EVTX. Big files resume after a broken line.</p>
      </div>
      <input ref={input} type="file" multiple hidden onChange={onChange} />
      <Button variant="primary" className="drop-choose" onClick={choose}>
        Choose files
        <span className="not-phone">
          <Keys name="u" />
        </span>
      </Button>
    </section>
  )
}
