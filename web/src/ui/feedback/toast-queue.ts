// Toasts say that something was done. What went wrong is said where it went wrong, never here.
export interface Toast {
  id: number
  text: string
}

let toasts: readonly Toast[] = []
let last = 0
const listeners = new Set<() => void>()
const change = (next: readonly Toast[]) => {
  toasts = next
  for (const listener of listeners) listener()
}

export const dismissToast = (id: number): void => change(toasts.filter((toast) => toast.id !== id))

export const toast = (text: string, forMs = 5000): void => {
  last += 1
  const id = last
  change([...toasts.slice(-2), { id, text }])
  setTimeout(() => dismissToast(id), forMs)
}

export const currentToasts = (): readonly Toast[] => toasts
export const onToasts = (listener: () => void) => {
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
  }
}
