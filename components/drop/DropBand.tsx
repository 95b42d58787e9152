/** The mark drawn large: a Gaussian crossed by the reader's yellow band. The headline stands on the band. */
export function DropBand({headline}: {headline: string}) {
  return (
    <div className="drop-band">
      <p className="drop-headline">{headline}</p>
      <Curve />
      {/* On the band the curve is dark in either theme. */}
      <div className="drop-inside">
        <Curve />
      </div>
    </div>
  )
}

function Curve() {
  return (
    <svg viewBox="0 0 640 360" preserveAspectRatio="none" aria-hidden="true">
      <path d={gaussian} />
    </svg>
  )
}

// exp(−t² / 1.15) over t from −3.2 to 3.2, in a box of 640 × 360; cubic pieces would miss its shoulders.
const gaussian = `M${Array.from({length: 129}, (_, step) => {
  const t = (step / 128) * 6.4 - 3.2
  return `${step * 5} ${(358 - 356 * Math.exp((-t * t) / 1.15)).toFixed(1)}`
}).join('L')}`
