import { useSyncExternalStore } from 'react'
import { IconButton } from '../actions/IconButton.tsx'
import { Icon } from '../icons/Icon.tsx'
import { currentToasts, dismissToast, onToasts } from './toast-queue.ts'
import './feedback.css'

export const Toasts = () => {
  const toasts = useSyncExternalStore(onToasts, currentToasts)
  return (
    <div className="toasts" role="status">
      {toasts.map((toast) => (
        <div key={toast.id} className="toast">
          <Icon name="check" />
          <span className="grow">{toast.text}</span>
          <IconButton icon="close" label="Dismiss" onClick={() => dismissToast(toast.id)} />
        </div>
      ))}
    </div>
  )
}
