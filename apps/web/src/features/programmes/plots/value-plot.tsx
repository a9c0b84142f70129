import style from './plots.module.css';
import { Labels } from './share-plot.tsx';

const WIDTH = 320;
const HEIGHT = 132;
const LEFT = 38;
const RIGHT = 8;
const TOP = 10;
const BOTTOM = 22;

export interface ValuePoint {
  /** UTC milliseconds. */
  readonly at: number;
  readonly value: number;
  /** Lower of two values (blood pressure); null for one. */
  readonly second: number | null;
}

/** Values over time, at their times. */
export function ValuePlot({
  points,
  label,
}: {
  readonly points: readonly ValuePoint[];
  readonly label: (at: number) => string;
}) {
  const all = points.flatMap(({ value, second }) => (second === null ? [value] : [value, second]));
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const span = high - low || 1;
  const [from, to] = [points[0]?.at ?? 0, points.at(-1)?.at ?? 1];
  const x = (at: number): number => LEFT + ((at - from) / (to - from || 1)) * (WIDTH - LEFT - RIGHT);
  const y = (value: number): number => TOP + (1 - (value - low) / span) * (HEIGHT - TOP - BOTTOM);
  const lines = [
    points.map(({ at, value }) => ({ x: x(at), y: y(value) })),
    points.flatMap(({ at, second }) => (second === null ? [] : [{ x: x(at), y: y(second) }])),
  ];
  return (
    <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} className={style['svg']}>
      {[low, high].map((value, index) => (
        <g key={index}>
          <line x1={LEFT} x2={WIDTH - RIGHT} y1={y(value)} y2={y(value)} className={style['grid']} />
          <text x={LEFT - 6} y={y(value) + 4} textAnchor="end" className={style['tick']}>
            {Math.round(value * 10) / 10}
          </text>
        </g>
      ))}
      <Labels
        labels={points.map(({ at }) => label(at))}
        x={(index) => x(points[index]?.at ?? from)}
        y={HEIGHT - 6}
      />
      {lines.map((line, index) => (
        <g key={index}>
          <polyline
            points={line.map((point) => `${point.x},${point.y}`).join(' ')}
            className={style['line']}
          />
          {line.map((point) => (
            <circle key={point.x} cx={point.x} cy={point.y} r={2.5} className={style['dot']} />
          ))}
        </g>
      ))}
    </svg>
  );
}
