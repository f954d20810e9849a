import { Dialog } from '../../ui/overlay/Dialog.tsx'
import { namesOf } from '../../ui/keys/hotkeys.ts'
import { Keys } from '../../ui/keys/Keys.tsx'
import { useHotkeyGroups } from '../../ui/keys/useHotkeys.ts'
import { Checkbox } from '../../ui/forms/Checkbox.tsx'
import { useSingleKeys } from '../../ui/preferences.ts'

/** The keys that work on this page now. */
export const KeysOverlay = ({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) => {
  const groups = useHotkeyGroups()
  const [singleKeys, setSingleKeys] = useSingleKeys()
  const names = [...new Set(groups.map((group) => group.name))]
  return (
    <Dialog isOpen={isOpen} onClose={onClose} title="Keys" wide>
      <div className="keys-overlay">
        {names.map((name) => (
          <section key={name}>
            <h3>{name}</h3>
            <dl>
              {groups
                .filter((group) => group.name === name)
                .flatMap((group) => group.hotkeys)
                .filter((hotkey) => hotkey.does !== undefined)
                .map((hotkey) => (
                  <div key={namesOf(hotkey).join()}>
                    <dt>{hotkey.does}</dt>
                    <dd>
                      {namesOf(hotkey).map((key) => (
                        <Keys key={key} name={key} />
                      ))}
                    </dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
      </div>
      <Checkbox label="Single keys work outside of fields" checked={singleKeys} onChange={setSingleKeys} />
    </Dialog>
  )
}
