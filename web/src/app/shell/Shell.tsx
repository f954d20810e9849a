import { Outlet, useLocation, useNavigate, useParams } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { useSession } from '../../api/session.ts'
import { ExportPanel } from '../../features/search/export/ExportPanel.tsx'
import { uploads } from '../../features/ingestion/upload/uploads.ts'
import { useHotkeys } from '../../ui/keys/useHotkeys.ts'
import { menu } from './menu.data.ts'
import { Palette } from './Palette.tsx'
import { Rail } from './Rail.tsx'
import './shell.css'
import { TabBar } from './TabBar.tsx'
import { TopBar } from './TopBar.tsx'

const focusQuery = () => document.querySelector<HTMLElement>('[data-query-box]')?.focus()

const useShellKeys = (openPalette: () => void) => {
  const navigate = useNavigate()
  const { tenantId } = useParams({ from: '/t/$tenantId' })
  useHotkeys('Everywhere', [
    { keys: 'Mod+k', does: 'Go to, run, look up', inFields: true, run: openPalette },
    {
      keys: '/',
      does: 'Query',
      run: () => {
        if (document.querySelector('[data-query-box]') !== null) focusQuery()
        else void navigate({ to: '/t/$tenantId/explore', params: { tenantId } }).then(() => requestAnimationFrame(focusQuery))
      },
    },
  ])
  useHotkeys(
    'Go to',
    menu.map((entry) => ({
      keys: `g ${entry.key}`,
      does: entry.label,
      run: () => void navigate({ to: entry.to, params: { tenantId } }),
    })),
  )
}

const goneMs = 400

/** A new page is announced by moving the focus to it, unless something there took it already. */
const useFocusOnNewPage = () => {
  const main = useRef<HTMLElement>(null)
  const { pathname } = useLocation()
  const before = useRef(pathname)
  useEffect(() => {
    if (before.current === pathname) return
    before.current = pathname
    const take = () => main.current?.focus({ preventScroll: true })
    if (main.current?.contains(document.activeElement) !== true) take()
    // what had the focus may go with the page before, once the new one has come; what floats by then takes the focus itself
    const timer = setTimeout(() => {
      if (document.activeElement === document.body && document.querySelector('[role="menu"], [role="dialog"], dialog[open]') === null)
        take()
    }, goneMs)
    return () => clearTimeout(timer)
  }, [pathname])
  return main
}

/** The queue of uploads outlives a page and a sign-in: it must know whose it is. */
const useOwnUploads = () => {
  const { id, tenant_id } = useSession()
  const owner = `${id} in ${tenant_id}`
  useEffect(() => uploads.belongTo(owner), [owner])
}

export const Shell = () => {
  useOwnUploads()
  const [isPaletteOpen, setPaletteOpen] = useState(false)
  useShellKeys(() => setPaletteOpen(true))
  const main = useFocusOnNewPage()
  return (
    <div className="shell">
      <a className="skip-link" href="#main">
        Skip to content
      </a>
      <TopBar onPalette={() => setPaletteOpen(true)} />
      <Rail />
      <main id="main" className="main" ref={main} tabIndex={-1}>
        <Outlet />
      </main>
      <ExportPanel />
      <TabBar />
      <Palette isOpen={isPaletteOpen} onClose={() => setPaletteOpen(false)} />
    </div>
  )
}
