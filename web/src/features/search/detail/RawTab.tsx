import { useMemo } from 'react'
import { CopyButton } from '../../../ui/actions/CopyButton.tsx'
import { Segmented } from '../../../ui/actions/Segmented.tsx'
import { Mono } from '../../../ui/data/Mono.tsx'
import { formatBytes, formatNumber } from '../../../ui/format/numbers.ts'
import { usePreference } from '../../../ui/preferences.ts'
import { prettyJson } from '../values/pretty-json.ts'

const mostShown = 200_000

/** The row as it stood in the file; indented where it is JSON. */
export const RawTab = ({ raw }: { raw: string }) => {
  const [form, setForm] = usePreference<'indented' | 'exact'>('explore.raw', 'indented')
  const pretty = useMemo(() => prettyJson(raw), [raw])
  const text = form === 'indented' && pretty !== null ? pretty : raw
  return (
    <>
      <div className="detail-filter row">
        {pretty !== null && (
          <Segmented
            label="Form"
            value={form}
            options={[
              { value: 'indented', label: 'Indented' },
              { value: 'exact', label: 'Exact text' },
            ]}
            onChange={setForm}
          />
        )}
        <span className="muted">{formatBytes(new TextEncoder().encode(raw).length)}</span>
        <span className="grow" />
        <CopyButton value={raw} label="Copy the exact text" />
      </div>
      <pre className="detail-raw">
        <Mono value={text.slice(0, mostShown)} keep={form === 'indented' && pretty !== null ? '\n' : ''} />
      </pre>
      {text.length > mostShown && (
        <p className="detail-none">{formatNumber(text.length - mostShown)} more characters are in the copy only.</p>
      )}
    </>
  )
}
