import './quiet-zod.ts'
import { createElement } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './App.tsx'

const place = document.getElementById('app')
if (place !== null) createRoot(place).render(createElement(App))
