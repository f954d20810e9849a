import { createContext, useContext } from 'react'

/** The open dialog around a control: what floats must be drawn inside it, since a modal dialog covers everything else. */
export const DialogElement = createContext<HTMLDialogElement | null>(null)

/** For Mantine's floating parts. */
export const usePortal = (): { target?: HTMLElement } => {
  const dialog = useContext(DialogElement)
  return dialog === null ? {} : { target: dialog }
}
