import { useState } from 'react'
import type { RuleFilter } from '../../../../../shared/contract/detect/rule-shapes.ts'
import { Button } from '../../../ui/actions/Button.tsx'
import { countOf, formatNumber } from '../../../ui/format/numbers.ts'
import { Dialog } from '../../../ui/overlay/Dialog.tsx'
import { turn } from './switch-rules.ts'

/** All rules that are listed, on or off; asked first, for it speaks for each of them from then on, whatever its pack says. */
export const BulkSwitch = ({ filter, total }: { filter: RuleFilter; total: number }) => {
  const [isOn, setOn] = useState<boolean | null>(null)
  const word = isOn === true ? 'on' : 'off'
  return (
    <>
      <Button size="sm" onClick={() => setOn(true)}>
        Turn on {formatNumber(total)}
      </Button>
      <Button size="sm" onClick={() => setOn(false)}>
        Turn off {formatNumber(total)}
      </Button>
      <Dialog
        isOpen={isOn !== null}
        onClose={() => setOn(null)}
        title={`Turn ${word} ${countOf(total, 'rule')}`}
        actions={
          <>
            <Button onClick={() => setOn(null)}>Cancel</Button>
            <Button
              variant="primary"
              onClick={() => {
                turn(filter, isOn === true)
                setOn(null)
              }}
            >
              Turn {word} {countOf(total, 'rule')}
            </Button>
          </>
        }
      >
        <p>
          Every rule that is listed now is turned {word} for itself, and stays so whatever is chosen of its pack, until "As its pack says".
        </p>
      </Dialog>
    </>
  )
}
