import { Tooltip } from '@mantine/core'
import type { ButtonHTMLAttributes, Ref } from 'react'
import { Icon } from '../icons/Icon.tsx'
import type { IconName } from '../icons/icons.data.ts'
import { usePortal } from '../overlay/dialog-element.ts'
import './actions.css'

export interface IconButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  icon: IconName
  /** What it does: its name for screen readers, and its tooltip. */
  label: string
  size?: 'sm' | 'md'
  ref?: Ref<HTMLButtonElement>
}

export const IconButton = ({ icon, label, size = 'sm', className = '', ...rest }: IconButtonProps) => {
  const portalProps = usePortal()
  return (
    <Tooltip
      portalProps={portalProps}
      label={label}
      openDelay={400}
      events={{ hover: true, focus: true, touch: false }}
      classNames={{ tooltip: 'tooltip' }}
    >
      <button type="button" aria-label={label} {...rest} className={`icon-btn icon-btn-${size} ${className}`}>
        <Icon name={icon} />
      </button>
    </Tooltip>
  )
}
