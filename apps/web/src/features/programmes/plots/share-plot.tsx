import style from './plots.module.css';

const WIDTH = 320;
const HEIGHT = 132;
const LEFT = 34;
const RIGHT = 8;
const TOP = 10;
const BOTTOM = 22;

/** Shares from 0 to 100 % over time; a gap where nothing was asked. */
export function SharePlot({
  points,
}: {
  readonly points: readonly { readonly label: string; readonly value: number | null }[];
}) {
  const x = (index: number): number =>
    LEFT + (index * (WIDTH - LEFT - RIGHT)) / Math.max(1, points.length - 1);
  const y = (value: number): number => TOP + (1 - value) * (HEIGHT - TOP - BOTTOM);
  const placed = points.map(({ value }, index) => (value === null ? null : { x: x(index), y: y(value) }));
  return (
    <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} className={style['svg']}>
      {[0, 0.5, 1].map((share) => (
        <g key={share}>
          <line x1={LEFT} x2={WIDTH - RIGHT} y1={y(share)} y2={y(share)} className={style['grid']} />
          <text x={LEFT - 6} y={y(share) + 4} textAnchor="end" className={style['tick']}>
            {Math.round(share * 100)}
          </text>
        </g>
      ))}
      <Labels labels={points.map(({ label }) => label)} x={x} y={HEIGHT - 6} />
      {segmentsOf(placed).map((segment) => (
        <polyline
          key={segment.map((point) => point.x).join()}
          points={segment.map((point) => `${point.x},${point.y}`).join(' ')}
          className={style['line']}
        />
      ))}
      {placed.map(
        (point, index) =>
          point && (
            <circle key={points[index]?.label} cx={point.x} cy={point.y} r={3} className={style['dot']} />
          ),
      )}
    </svg>
  );
}

/** First, middle and last: more would not fit beside each other. */
export function Labels({
  labels,
  x,
  y,
}: {
  readonly labels: readonly string[];
  readonly x: (index: number) => number;
  readonly y: number;
}) {
  const shown = [...new Set([0, Math.floor((labels.length - 1) / 2), labels.length - 1])];
  return shown.map((index) => (
    <text
      key={index}
      x={x(index)}
      y={y}
      textAnchor={index === 0 ? 'start' : index === labels.length - 1 ? 'end' : 'middle'}
      className={style['tick']}
    >
      {labels[index]}
    </text>
  ));
}

interface Point {
  readonly x: number;
  readonly y: number;
}

function segmentsOf(placed: readonly (Point | null)[]): readonly (readonly Point[])[] {
  const segments: Point[][] = [[]];
  for (const point of placed) {
    if (point === null) segments.push([]);
    else segments.at(-1)?.push(point);
  }
  return segments.filter((segment) => segment.length > 1);
}
