import { type IconName, icons } from './icons.data.ts'
import './icons.css'

export interface IconProps {
  name: IconName
  size?: 14 | 16 | 18 | 20
}

/** Always beside words, or inside a control that has a label: hidden from screen readers. */
export const Icon = ({ name, size = 16 }: IconProps) => (
  <svg className="icon" viewBox="0 0 16 16" width={size} height={size} aria-hidden="true" focusable="false">
    <path d={icons[name]} />
  </svg>
)
