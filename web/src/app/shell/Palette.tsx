import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { type KeyboardEvent, useDeferredValue, useEffect, useId, useRef, useState } from 'react'
import { listHosts } from '../../../../shared/contract/hosts.ts'
import { listOf } from '../../api/queries.ts'
import { useOtherTenants } from '../../features/identity/switching/memberships.ts'
import { useSettingsPages } from '../../pages/settings/useSettingsPages.ts'
import { Icon } from '../../ui/icons/Icon.tsx'
import type { IconName } from '../../ui/icons/icons.data.ts'
import { useTheme, useZone } from '../../ui/preferences.ts'
import { menu } from './menu.data.ts'
import { quoteForQuery } from './quote-for-query.ts'
import { useSwitch } from './tenants/useTenantItems.ts'

interface Entry {
  id: string
  group: string
  label: string
  icon: IconName
  evidence?: boolean
  run: () => void
}

/** Pages that are in no menu. */
const usePlaceEntries = (tenantId: string, hasOthers: boolean): Entry[] => {
  const navigate = useNavigate()
  const params = { tenantId }
  const page = (id: string, label: string, icon: IconName, run: () => void): Entry => ({ id, group: 'Pages', label, icon, run })
  return [
    page('compare', 'Compare hosts, imports or hunts', 'host', () => void navigate({ to: '/t/$tenantId/hosts/compare', params })),
    page('notes', 'Rows with tags and comments', 'tag', () => void navigate({ to: '/t/$tenantId/notes', params })),
    page('storage', 'Storage', 'import', () => void navigate({ to: '/t/$tenantId/imports/storage', params })),
    ...(hasOthers ? [page('all', 'Explore all tenants', 'search', () => void navigate({ to: '/all/explore' }))] : []),
  ]
}

const usePageEntries = (): Entry[] => {
  const navigate = useNavigate()
  const { tenantId } = useParams({ from: '/t/$tenantId' })
  const [theme, setTheme] = useTheme()
  const [zone, setZone] = useZone()
  const settings = useSettingsPages()
  const tenants = useOtherTenants()
  const switchTo = useSwitch()
  return [
    ...menu.map((entry) => ({
      id: entry.to,
      group: 'Pages',
      label: entry.label,
      icon: entry.icon,
      run: () => void navigate({ to: entry.to, params: { tenantId } }),
    })),
    ...usePlaceEntries(tenantId, tenants.length > 0),
    ...settings.map(
      ({ to, label }): Entry => ({
        id: to,
        group: 'Pages',
        label: `Settings, ${label.toLowerCase()}`,
        icon: 'settings',
        run: () => void navigate({ to, params: { tenantId } }),
      }),
    ),
    ...tenants.map(
      (one): Entry => ({
        id: one.tenant_id,
        group: 'Tenants',
        label: `Switch to ${one.tenant_name}`,
        icon: 'tenant',
        run: () => switchTo(one.tenant_id),
      }),
    ),
    {
      id: 'theme',
      group: 'Run',
      label: theme === 'dark' ? 'Light theme' : 'Dark theme',
      icon: theme === 'dark' ? 'sun' : 'moon',
      run: () => setTheme(theme === 'dark' ? 'light' : 'dark'),
    },
    {
      id: 'zone',
      group: 'Run',
      label: zone === 'utc' ? 'Show times in the local zone' : 'Show times in UTC',
      icon: 'clock',
      run: () => setZone(zone === 'utc' ? 'local' : 'utc'),
    },
  ]
}

const useEntries = (text: string): Entry[] => {
  const navigate = useNavigate()
  const { tenantId } = useParams({ from: '/t/$tenantId' })
  const pages = usePageEntries()
  const wanted = useDeferredValue(text.trim())
  const { data } = useQuery({
    ...listOf(listHosts, { query: { search: wanted.slice(0, 200), limit: 6, sort: 'hostname' } }),
    enabled: wanted !== '',
  })
  const words = text.trim().toLowerCase()
  if (words === '') return pages
  const hosts: Entry[] = (data?.rows ?? []).map((host) => ({
    id: host.id,
    group: 'Hosts',
    label: host.hostname,
    icon: 'host',
    evidence: true,
    run: () => void navigate({ to: '/t/$tenantId/hosts/$hostId', params: { tenantId, hostId: host.id } }),
  }))
  const search: Entry = {
    id: 'search',
    group: 'Explore',
    label: `Search all rows for ${text.trim()}`,
    icon: 'search',
    run: () => void navigate({ to: '/t/$tenantId/explore', params: { tenantId }, search: { q: quoteForQuery(text) } }),
  }
  return [...pages.filter((entry) => entry.label.toLowerCase().includes(words)), ...hosts, search]
}

const Results = ({
  entries,
  current,
  listId,
  onRun,
}: {
  entries: readonly Entry[]
  current: number
  listId: string
  onRun: (entry: Entry) => void
}) => {
  const list = useRef<HTMLDivElement>(null)
  useEffect(() => {
    list.current?.children[current]?.scrollIntoView({ block: 'nearest' })
  }, [current])
  return (
    <div className="palette-list" role="listbox" id={listId} aria-label="Results" ref={list}>
      {entries.map((entry, at) => (
        <div
          key={entry.id}
          id={`${listId}-${at}`}
          role="option"
          aria-selected={at === current}
          className="palette-entry"
          onClick={() => onRun(entry)}
        >
          <Icon name={entry.icon} />
          <span className={`grow cut ${entry.evidence === true ? 'mono' : ''}`}>{entry.label}</span>
          <span className="muted">{entry.group}</span>
        </div>
      ))}
    </div>
  )
}

const Finder = ({ onClose }: { onClose: () => void }) => {
  const [text, setText] = useState('')
  const [current, setCurrent] = useState(0)
  const listId = useId()
  const entries = useEntries(text)
  const at = Math.min(current, entries.length - 1)
  const run = (entry: Entry) => {
    onClose()
    entry.run()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + 8, PageUp: at - 8 }[event.key]
    const chosen = entries[at]
    if (to === undefined && event.key !== 'Enter') return
    event.preventDefault()
    if (to !== undefined) setCurrent(Math.max(0, Math.min(to, entries.length - 1)))
    else if (chosen !== undefined) run(chosen)
  }
  return (
    <>
      <div className="palette-input">
        <Icon name="search" />
        <input
          autoFocus
          role="combobox"
          aria-expanded="true"
          aria-controls={listId}
          aria-activedescendant={`${listId}-${at}`}
          aria-label="Go to, run, look up"
          placeholder="A page, a host, or words to search"
          value={text}
          onChange={(event) => {
            setText(event.currentTarget.value)
            setCurrent(0)
          }}
          onKeyDown={onKeyDown}
        />
        <kbd>Esc</kbd>
      </div>
      <Results entries={entries} current={at} listId={listId} onRun={run} />
    </>
  )
}

/** Ctrl K: pages, hosts by name, a search. */
export const Palette = ({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) => {
  const ref = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    const dialog = ref.current
    if (isOpen && dialog?.open === false) dialog.showModal()
    if (!isOpen && dialog?.open === true) dialog.close()
  }, [isOpen])
  return (
    <dialog
      ref={ref}
      className="dialog palette"
      aria-label="Go to, run, look up"
      onClose={onClose}
      onMouseDown={(event) => {
        if (event.target === event.currentTarget) onClose()
      }}
    >
      {isOpen && <Finder onClose={onClose} />}
    </dialog>
  )
}
