/**
 * For the first field of a dialog. A dialog that opens gives the focus to what has the attribute, and React, which only
 * calls `focus` when the field appears, does so before the dialog is open.
 */
export const focusFirst = (input: HTMLInputElement | null): void => {
  input?.toggleAttribute('autofocus', true)
}
