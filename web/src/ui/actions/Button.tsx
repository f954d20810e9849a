import { Tooltip } from '@mantine/core'
import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react'
import { Icon } from '../icons/Icon.tsx'
import type { IconName } from '../icons/icons.data.ts'
import { usePortal } from '../overlay/dialog-element.ts'
import './actions.css'

export interface ButtonLook {
  variant?: 'default' | 'primary' | 'ghost' | 'bad'
  size?: 'sm' | 'md' | 'lg'
}

/** The look alone, for a router link that is drawn as a button. */
export const buttonClass = ({ variant = 'default', size = 'md' }: ButtonLook = {}): string => `btn btn-${variant} btn-${size}`

export interface ButtonProps extends ButtonLook, Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'disabled'> {
  icon?: IconName
  iconAfter?: IconName
  /** Work is under way: the button stays where it is and says so. */
  busy?: boolean
  disabled?: boolean
  /** Why it cannot be used; it then stays reachable by keyboard and shows this in a tooltip. */
  disabledReason?: string | undefined
  children: ReactNode
  ref?: Ref<HTMLButtonElement>
}

export const Button = ({
  variant,
  size,
  icon,
  iconAfter,
  busy = false,
  disabled = false,
  disabledReason,
  children,
  onClick,
  ...rest
}: ButtonProps) => {
  const portalProps = usePortal()
  const isOff = disabledReason !== undefined
  const iconSize = size === 'sm' ? 14 : 16
  const button = (
    <button
      type="button"
      {...rest}
      className={`${buttonClass({ variant, size })} ${rest.className ?? ''}`}
      disabled={disabled}
      aria-disabled={isOff || busy || undefined}
      aria-busy={busy || undefined}
      onClick={(event) => {
        if (!isOff && !busy) onClick?.(event)
        else event.preventDefault()
      }}
    >
      {icon !== undefined && <Icon name={icon} size={iconSize} />}
      {children}
      {iconAfter !== undefined && <Icon name={iconAfter} size={iconSize} />}
    </button>
  )
  return isOff ? (
    <Tooltip
      portalProps={portalProps}
      label={disabledReason}
      events={{ hover: true, focus: true, touch: true }}
      classNames={{ tooltip: 'tooltip' }}
    >
      {button}
    </Tooltip>
  ) : (
    button
  )
}
