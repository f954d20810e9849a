import { useState } from 'react'
import { countOf, formatNumber } from '../../ui/format/numbers.ts'
import { axisTop, type Day, lastDays } from './days.ts'

const height = 72
const left = 56
const width = 960
const step = (width - left) / 30

/** Bars of the last 30 days; the same numbers stand in a list for who cannot see bars. */
export const ArrivedChart = ({ arrived }: { arrived: readonly Day[] }) => {
  const [today] = useState(() => new Date().toISOString().slice(0, 10))
  const days = lastDays(arrived, today)
  const top = axisTop(Math.max(...days.map((one) => one.rows)))
  const total = days.reduce((sum, one) => sum + one.rows, 0)
  return (
    <figure className="arrived">
      <svg viewBox={`0 0 ${width} ${height + 20}`} role="img" aria-label={`${countOf(total, 'row')} stored in the last 30 days`}>
        {[top, top / 2].map((value) => {
          const y = height - (value / top) * (height - 8)
          return (
            <g key={value}>
              <line x1={left} x2={width} y1={y} y2={y} className="arrived-line" />
              <text x={left - 8} y={y + 4} textAnchor="end">
                {formatNumber(value)}
              </text>
            </g>
          )
        })}
        <line x1={left} x2={width} y1={height} y2={height} className="arrived-floor" />
        {days.map(({ day, rows }, at) => {
          const tall = rows === 0 ? 0 : Math.max(2, (rows / top) * (height - 8))
          return (
            <g key={day}>
              <rect x={left + at * step + 2} y={height - tall} width={step - 4} height={tall} className="arrived-bar">
                <title>{`${day}: ${countOf(rows, 'row')}`}</title>
              </rect>
              {at % 5 === 4 && (
                <text x={left + at * step + step / 2} y={height + 15} textAnchor="middle">
                  {day.slice(5)}
                </text>
              )}
            </g>
          )
        })}
      </svg>
      <figcaption className="visually-hidden">
        {days
          .filter((one) => one.rows > 0)
          .map((one) => `${one.day}: ${countOf(one.rows, 'row')}`)
          .join('; ')}
      </figcaption>
    </figure>
  )
}
