const steps = ['up to a day', 'a week', 'a month', 'older'] as const

/** What the cells of the matrix mean. */
export const CoverageLegend = () => (
  <ul className="coverage-legend" aria-label="Legend">
    <li className="muted">Age of the newest row:</li>
    {steps.map((words, at) => (
      <li key={words}>
        <i className={`coverage-age age-${at + 1}`} aria-hidden="true" />
        {words}
      </li>
    ))}
    <li>
      <span className="mono">i</span> rows without times: since the import
    </li>
    <li>
      <i className="coverage-cell is-hole" aria-hidden="true" />
      never collected
    </li>
  </ul>
)
