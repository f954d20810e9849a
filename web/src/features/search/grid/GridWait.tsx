/** Rows in their final height while the first result is on its way. */
export const GridWait = () => (
  <div className="grid grid-wait" role="status" aria-label="Searching">
    {Array.from({ length: 18 }, (_, at) => (
      <div key={at} className="grid-wait-row">
        {[110, 84, 64].map((width, nth) => (
          <span key={width} className="skeleton" style={{ width: width - ((at * 7 + nth * 11) % 24) }} />
        ))}
        <span className="grow">
          <span className="skeleton" style={{ width: `${35 + ((at * 37) % 50)}%` }} />
        </span>
      </div>
    ))}
  </div>
)
