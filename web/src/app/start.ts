import { createElement } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './App.tsx'

export const start = (): void => {
  const place = document.getElementById('app')
  if (place !== null) createRoot(place).render(createElement(App))
}
