import { useQuery } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import {
  attackMatrix,
  attackTechnique,
  bundleBytes,
  getBundle,
  loadBundle,
  type LoadedBundle,
  removeBundle,
} from '../../../../../shared/contract/detect/attack.ts'
import { call, request, urlOf } from '../../../api/call.ts'
import { messageOf } from '../../../api/problem.ts'
import { queryOf } from '../../../api/queries.ts'
import { invalidate } from '../../../api/query-client.ts'
import { shownTenant } from '../../../api/shown-tenant.ts'
import { Button } from '../../../ui/actions/Button.tsx'
import { Time } from '../../../ui/data/Time.tsx'
import { Note } from '../../../ui/feedback/Note.tsx'
import { toast } from '../../../ui/feedback/toast-queue.ts'
import { countOf, formatBytes, formatNumber } from '../../../ui/format/numbers.ts'
import { Dialog } from '../../../ui/overlay/Dialog.tsx'

const readAll = () => invalidate(attackMatrix, attackTechnique, getBundle)

const send = async (file: File): Promise<void> => {
  await request(urlOf(loadBundle.path, {}, { file_name: file.name.slice(0, 200) }), {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json', ...shownTenant() },
    body: file,
  })
}

const Facts = ({ bundle }: { bundle: LoadedBundle }) => (
  <p className="soft">
    Version {bundle.version} from {bundle.file_name}, loaded <Time at={bundle.loaded_at} to="minute" named /> by {bundle.loaded_by}:{' '}
    {countOf(bundle.techniques, 'technique')}, {countOf(bundle.groups, 'group')}, {formatNumber(bundle.software)} software;{' '}
    {formatNumber(bundle.skipped)} objects of other kinds left out.
    {bundle.unknown.length > 0 && ` Not in the table of the product: ${bundle.unknown.join(', ')}.`}
  </p>
)

/** A full ATT&CK bundle brings descriptions, groups and software; for the whole installation. */
export const BundleDialog = ({ onClose }: { onClose: () => void }) => {
  const { data } = useQuery(queryOf(getBundle, {}))
  const [problem, setProblem] = useState<string | null>(null)
  const [isBusy, setBusy] = useState(false)
  const input = useRef<HTMLInputElement>(null)
  const doing = async (act: () => Promise<unknown>, words: string) => {
    setBusy(true)
    try {
      await act()
      await readAll()
      setProblem(null)
      toast(words)
    } catch (error) {
      setProblem(messageOf(error))
    } finally {
      setBusy(false)
    }
  }
  const take = (file: File | undefined) => {
    if (file === undefined) return
    if (file.size > bundleBytes) setProblem(`${file.name} has ${formatBytes(file.size)}; a bundle has at most ${formatBytes(bundleBytes)}.`)
    else void doing(() => send(file), 'The bundle is loaded.')
  }
  const bundle = data?.bundle ?? null
  return (
    <Dialog isOpen onClose={onClose} title="ATT&CK bundle">
      <div className="detect-stack">
        <p>
          Names and tactics are part of the product. The full bundle by MITRE (<span className="mono">enterprise-attack.json</span>, STIX
          2.1) brings descriptions, groups and software too. It is for all tenants of this installation.
        </p>
        {problem !== null && (
          <Note tone="bad" live>
            {problem}
          </Note>
        )}
        {bundle !== null && <Facts bundle={bundle} />}
        <input
          ref={input}
          type="file"
          hidden
          accept=".json,application/json"
          aria-label="Bundle file"
          onChange={(event) => take(event.currentTarget.files?.[0])}
        />
        <div className="row">
          {bundle !== null && (
            <Button variant="ghost" busy={isBusy} onClick={() => void doing(() => call(removeBundle, {}), 'The bundle is forgotten.')}>
              Forget it
            </Button>
          )}
          <span className="grow" />
          <Button variant="primary" busy={isBusy} onClick={() => input.current?.click()}>
            {bundle === null ? 'Choose a file' : 'Load another one'}
          </Button>
        </div>
      </div>
    </Dialog>
  )
}
