import { Fragment } from 'react'
import { formatNumber } from '../format/numbers.ts'
import './data.css'

export interface EquationProps {
  total: { value: number; label: string }
  parts: readonly { value: number; label: string; bad?: boolean }[]
}

/** A receipt's numbers, so that one sees that they add up. */
export const Equation = ({ total, parts }: EquationProps) => (
  <dl className="equation">
    <div>
      <dd>{formatNumber(total.value)}</dd>
      <dt>{total.label}</dt>
    </div>
    {parts.map((part, at) => (
      <Fragment key={part.label}>
        <span className="equation-sign" aria-hidden="true">
          {at === 0 ? '=' : '+'}
        </span>
        <div className={part.bad === true && part.value > 0 ? 'equation-bad' : ''}>
          <dd>{formatNumber(part.value)}</dd>
          <dt>{part.label}</dt>
        </div>
      </Fragment>
    ))}
  </dl>
)
