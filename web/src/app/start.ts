import { createElement } from 'react'
import { createRoot } from 'react-dom/client'
import { watchForPeople } from '../api/attended.ts'
import { App } from './App.tsx'

export const start = (): void => {
  watchForPeople(window)
  const place = document.getElementById('app')
  if (place !== null) createRoot(place).render(createElement(App))
}
