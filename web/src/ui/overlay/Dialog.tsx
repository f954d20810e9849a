import { type ReactNode, useEffect, useId, useState } from 'react'
import { IconButton } from '../actions/IconButton.tsx'
import { DialogElement } from './dialog-element.ts'
import './overlay.css'

export interface DialogProps {
  isOpen: boolean
  onClose: () => void
  title: ReactNode
  children: ReactNode
  /** The buttons, the safe one first. */
  actions?: ReactNode
  wide?: boolean
}

/** The browser's own modal dialog: it keeps the focus inside, and gives it back when it closes. A click in it is no click on what it stands in. */
export const Dialog = ({ isOpen, onClose, title, children, actions, wide = false }: DialogProps) => {
  const [dialog, setDialog] = useState<HTMLDialogElement | null>(null)
  const id = useId()
  useEffect(() => {
    if (dialog === null) return
    if (isOpen && !dialog.open) dialog.showModal()
    if (!isOpen && dialog.open) dialog.close()
  }, [dialog, isOpen])
  return (
    <dialog
      ref={setDialog}
      className={`dialog ${wide ? 'dialog-wide' : ''}`}
      aria-labelledby={id}
      onClose={onClose}
      onClick={(event) => event.stopPropagation()}
      onMouseDown={(event) => {
        if (event.target === event.currentTarget) onClose()
      }}
    >
      <DialogElement value={dialog}>
        {isOpen && (
          <div className="dialog-box">
            <div className="dialog-head">
              <h2 id={id}>{title}</h2>
              <span className="grow" />
              <IconButton icon="close" label="Close" onClick={onClose} />
            </div>
            <div className="dialog-body">{children}</div>
            {actions !== undefined && <div className="dialog-actions">{actions}</div>}
          </div>
        )}
      </DialogElement>
    </dialog>
  )
}
