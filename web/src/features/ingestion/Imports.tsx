import { useMediaQuery } from '@mantine/hooks'
import { Link } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import type { ImportOptions, ImportReceipt } from '../../../../shared/contract/ingestion.ts'
import { useMay, useSession } from '../../api/session.ts'
import { Note } from '../../ui/feedback/Note.tsx'
import { countOf, formatBytes, formatBytesOf, formatRough } from '../../ui/format/numbers.ts'
import { PageHead } from '../../ui/layout/PageHead.tsx'
import { DemoButton } from './list/DemoButton.tsx'
import { ImportList } from './list/ImportList.tsx'
import { isRunning } from './list/import-words.ts'
import { RunningCard } from './list/RunningCard.tsx'
import { type ImportFilter, useOpenImports } from './list/useImports.ts'
import { ReceiptPanel } from './receipt/ReceiptPanel.tsx'
import { FullNote, useStorage } from './storage/StorageView.tsx'
import { DropZone, type DropZoneHandle, usePageDrop } from './upload/DropZone.tsx'
import { OptionsButton } from './upload/OptionsButton.tsx'
import { UploadCard } from './upload/UploadCard.tsx'
import { uploads, useUploads } from './upload/uploads.ts'
import './ingestion.css'

export interface ImportsProps {
  importId: string | undefined
  state: ImportFilter
  skip: number
  /** The page was opened to add files. */
  isAdding: boolean
  onState: (state: ImportFilter) => void
  onSkip: (skip: number) => void
  onClosed: () => void
}

const Summary = ({ open }: { open: readonly ImportReceipt[] }) => {
  const storage = useStorage()
  const running = open.filter(isRunning).length
  const locked = open.filter((one) => one.state === 'locked').length
  const words = [
    running > 0 ? `${running} running` : '',
    locked > 0 ? `${locked} waiting to be unlocked` : '',
    storage.data === undefined
      ? ''
      : storage.data.tenant.event_rows < 1e6
        ? countOf(storage.data.tenant.event_rows, 'row')
        : `${formatRough(storage.data.tenant.event_rows)} rows`,
  ]
  return <>{words.filter((word) => word !== '').join(' · ')}</>
}

const StorageLink = () => {
  const storage = useStorage()
  const tenantId = useSession().tenant_id
  const used = storage.data?.tenant
  return (
    <Link to="/t/$tenantId/imports/storage" params={{ tenantId }}>
      Storage
      {used !== undefined &&
        `: ${used.quota_bytes === null ? formatBytes(used.evidence_bytes) : formatBytesOf(used.evidence_bytes, used.quota_bytes)}`}
    </Link>
  )
}

/** Our own uploads, and what the server is at; what this window sends is not shown twice. */
const Running = ({ open }: { open: readonly ImportReceipt[] }) => {
  const own = useUploads().filter((item) => item.state !== 'done')
  const ids = new Set(own.map((item) => item.upload_id))
  return (
    <>
      {own.map((item) => (
        <UploadCard key={item.id} item={item} />
      ))}
      {open
        .filter((one) => isRunning(one) && !ids.has(one.id))
        .map((one) => (
          <RunningCard key={one.id} receipt={one} />
        ))}
    </>
  )
}

interface AddingProps {
  isAdding: boolean
  isOver: boolean
  onFiles: (files: readonly File[]) => void
}

const Adding = ({ isAdding, isOver, onFiles }: AddingProps) => {
  const zone = useRef<DropZoneHandle>(null)
  useEffect(() => {
    // Browsers open the chooser only right after a click or a key; where they refuse, the button is there.
    if (isAdding) zone.current?.choose()
  }, [isAdding])
  return <DropZone ref={zone} isOver={isOver} onFiles={onFiles} />
}

const Main = ({ onFiles, isOver, ...props }: ImportsProps & Pick<AddingProps, 'isOver' | 'onFiles'>) => {
  const { importId, state, skip, isAdding, onState, onSkip } = props
  const mayWrite = useMay('imports.write')
  const open = useOpenImports().data?.rows ?? []
  const storage = useStorage()
  return (
    <div className="imports-main">
      <FullNote data={storage.data} />
      {mayWrite ? (
        <Adding isAdding={isAdding} isOver={isOver} onFiles={onFiles} />
      ) : (
        <Note>Your role reads imports. To start one, ask an admin of the tenant.</Note>
      )}
      <Running open={open} />
      <ImportList state={state} skip={skip} selected={importId} onState={onState} onSkip={onSkip} />
      {mayWrite && storage.data?.imports.length === 0 && <DemoButton />}
    </div>
  )
}

const Head = ({ options, onOptions }: { options: ImportOptions; onOptions: (options: ImportOptions) => void }) => {
  const mayWrite = useMay('imports.write')
  const open = useOpenImports().data?.rows ?? []
  return (
    <PageHead
      title="Imports"
      about={<Summary open={open} />}
      actions={
        <>
          <StorageLink />
          {mayWrite && <OptionsButton options={options} onOptions={onOptions} />}
        </>
      }
    />
  )
}

const BackToList = () => {
  const tenantId = useSession().tenant_id
  return (
    <Link className="imports-back" to="/t/$tenantId/imports" params={{ tenantId }} search={(before) => before}>
      All imports
    </Link>
  )
}

/** Files in, receipts out: side by side where there is room, one after the other where there is not. */
export const Imports = (props: ImportsProps) => {
  const { importId, onClosed } = props
  const [options, setOptions] = useState<ImportOptions>({})
  const isWide = useMediaQuery('(min-width: 1280px)', undefined, { getInitialValueInEffect: false }) === true
  const isOpen = importId !== undefined
  // The options are of one choice of files: nobody wants the next ones to land on the same host by oversight.
  const add = (files: readonly File[]) => {
    uploads.add(files, options)
    setOptions({})
    // Where the receipt stands in the place of the list, the list shows what becomes of the files.
    if (isOpen && !isWide) onClosed()
  }
  const isOver = usePageDrop(useMay('imports.write') ? add : null)
  return (
    <div className="page">
      <Head options={options} onOptions={setOptions} />
      <div className={`imports ${isOpen && isWide ? 'imports-split' : ''}`}>
        {isOpen && !isWide ? <BackToList /> : <Main {...props} isOver={isOver} onFiles={add} />}
        {isOpen && <ReceiptPanel key={importId} importId={importId} onClosed={onClosed} />}
      </div>
    </div>
  )
}
