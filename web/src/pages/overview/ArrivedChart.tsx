import { useState } from 'react'
import { countOf, formatNumber } from '../../ui/format/numbers.ts'
import { axisTop, type Day, lastDays } from './days.ts'

/** Bars of the last 30 days; the same numbers stand in words for who cannot see bars. The drawing stretches, the text does not. */
export const ArrivedChart = ({ arrived }: { arrived: readonly Day[] }) => {
  const [today] = useState(() => new Date().toISOString().slice(0, 10))
  const days = lastDays(arrived, today)
  const top = axisTop(Math.max(...days.map((one) => one.rows)))
  const total = days.reduce((sum, one) => sum + one.rows, 0)
  const words = days.filter((one) => one.rows > 0).map((one) => `${one.day}: ${countOf(one.rows, 'row')}`)
  return (
    <figure className="arrived">
      <div className="arrived-scale" aria-hidden="true">
        <span>{formatNumber(top)}</span>
        <span>{formatNumber(top / 2)}</span>
      </div>
      <svg
        viewBox={`0 0 ${days.length} 100`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${countOf(total, 'row')} stored in the last 30 days`}
      >
        {[0, 50].map((y) => (
          <line key={y} x1={0} x2={days.length} y1={y} y2={y} className="arrived-line" />
        ))}
        {days.map(({ day, rows }, at) => {
          const tall = rows === 0 ? 0 : Math.max(2, (rows / top) * 100)
          return (
            <rect key={day} x={at + 0.08} y={100 - tall} width={0.84} height={tall} className="arrived-bar">
              <title>{`${day}: ${countOf(rows, 'row')}`}</title>
            </rect>
          )
        })}
      </svg>
      <ol className="arrived-days" aria-hidden="true">
        {days.map(({ day }, at) => (
          <li key={day}>{at % 5 === 4 ? day.slice(5) : ''}</li>
        ))}
      </ol>
      <figcaption className="visually-hidden">{words.join('; ')}</figcaption>
    </figure>
  )
}
