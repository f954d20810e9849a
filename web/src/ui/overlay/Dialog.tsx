import { type ReactNode, useEffect, useId, useRef } from 'react'
import { IconButton } from '../actions/IconButton.tsx'
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

/** The browser's own modal dialog: it keeps the focus inside, and gives it back when it closes. */
export const Dialog = ({ isOpen, onClose, title, children, actions, wide = false }: DialogProps) => {
  const ref = useRef<HTMLDialogElement>(null)
  const id = useId()
  useEffect(() => {
    const dialog = ref.current
    if (dialog === null) return
    if (isOpen && !dialog.open) dialog.showModal()
    if (!isOpen && dialog.open) dialog.close()
  }, [isOpen])
  return (
    <dialog
      ref={ref}
      className={`dialog ${wide ? 'dialog-wide' : ''}`}
      aria-labelledby={id}
      onClose={onClose}
      onMouseDown={(event) => {
        if (event.target === event.currentTarget) onClose()
      }}
    >
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
    </dialog>
  )
}
