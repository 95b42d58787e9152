import type {Card, CardText} from '@/lib/views/card'

interface SharedCardProps {
  readonly card: Card
  /** Its map, as the address of a PNG. */
  readonly map: string | null
}

// Where text stands over its baseline in a line as high as it is large, as a share of its size.
const ascent = {serif: 0.842, sans: 0.856} as const
// A line is never broken; what would leave the picture's right margin is cut off.
const room = 1144

/** The picture of a shared explanation, for a renderer that knows boxes and plain SVG. */
export function SharedCard({card: {width, height, texts, rects, paths, map: place}, map}: SharedCardProps) {
  return (
    <div style={{display: 'flex', position: 'relative', width, height, overflow: 'hidden'}}>
      {/* biome-ignore lint/a11y/noSvgWithoutTitle: a renderer of pictures would write it */}
      <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} style={{position: 'absolute'}}>
        {rects.map((rect, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: drawn once
          <rect key={i} {...rect} />
        ))}
        {paths.map(({x, y, scale, d, stroke, width: thickness, dashed}, i) => (
          <path
            // biome-ignore lint/suspicious/noArrayIndexKey: drawn once
            key={i}
            d={d}
            transform={`translate(${x} ${y}) scale(${scale})`}
            fill="none"
            stroke={stroke}
            strokeWidth={thickness}
            strokeDasharray={dashed ? '3 2.5' : 'none'}
          />
        ))}
      </svg>
      {place && map && (
        // biome-ignore lint/performance/noImgElement: drawn once, into a picture
        <img
          src={map}
          alt=""
          width={place.bitmap.width}
          height={place.bitmap.height}
          style={{position: 'absolute', left: place.x, top: place.y}}
        />
      )}
      {texts.map((text, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: drawn once
        <Line key={i} {...text} />
      ))}
    </div>
  )
}

function Line({x, y, size, text, anchor, fill, face, bold}: CardText) {
  const left = {start: x, middle: x - room / 2, end: x - room}[anchor]
  return (
    <div
      style={{
        display: 'flex',
        position: 'absolute',
        left,
        top: y - ascent[face] * size,
        width: anchor === 'start' ? room - x : room,
        overflow: 'hidden',
        height: size * 1.4,
        justifyContent: {start: 'flex-start', middle: 'center', end: 'flex-end'}[anchor],
        color: fill,
        fontFamily: `${face}-latin, ${face}-latin-ext, ${face}-greek`,
        fontWeight: bold ? 600 : 400,
        fontSize: size,
        lineHeight: 1,
        whiteSpace: 'nowrap'
      }}
    >
      {text}
    </div>
  )
}
