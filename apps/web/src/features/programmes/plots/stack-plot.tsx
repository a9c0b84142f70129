import { useId } from 'react';
import style from './plots.module.css';
import { Labels } from './share-plot.tsx';

const WIDTH = 320;
const HEIGHT = 132;
const LEFT = 26;
const TOP = 8;
const BOTTOM = 22;

export interface StackPart {
  readonly name: string;
  readonly tone: 'done' | 'amber' | 'danger';
}

/** Columns in parts. Parts differ by pattern as well as by colour. */
export function StackPlot({
  parts,
  columns,
}: {
  readonly parts: readonly StackPart[];
  readonly columns: readonly { readonly label: string; readonly values: readonly number[] }[];
}) {
  const id = useId();
  const top = Math.max(1, ...columns.map(({ values }) => values.reduce((sum, value) => sum + value, 0)));
  const step = (WIDTH - LEFT) / Math.max(1, columns.length);
  const height = (value: number): number => (value / top) * (HEIGHT - TOP - BOTTOM);
  return (
    <>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} className={style['svg']}>
        <Patterns id={id} />
        <line x1={LEFT} x2={WIDTH} y1={HEIGHT - BOTTOM} y2={HEIGHT - BOTTOM} className={style['grid']} />
        <text x={LEFT - 6} y={TOP + 8} textAnchor="end" className={style['tick']}>
          {top}
        </text>
        <text x={LEFT - 6} y={HEIGHT - BOTTOM + 4} textAnchor="end" className={style['tick']}>
          0
        </text>
        {columns.map(({ label, values }, column) => {
          let below = HEIGHT - BOTTOM;
          return (
            <g key={label}>
              {values.map((value, part) => {
                const tone = parts[part]?.tone ?? 'done';
                below -= height(value);
                return (
                  <rect
                    key={tone}
                    x={LEFT + column * step + step * 0.14}
                    width={step * 0.72}
                    y={below}
                    height={height(value)}
                    fill={tone === 'done' ? undefined : `url(#${id}-${tone})`}
                    className={style['bar']}
                    data-tone={tone}
                  />
                );
              })}
            </g>
          );
        })}
        <Labels
          labels={columns.map(({ label }) => label)}
          x={(index) =>
            LEFT + index * step + (index === 0 ? 0 : index === columns.length - 1 ? step : step / 2)
          }
          y={HEIGHT - 6}
        />
      </svg>
      <div className={style['legend']}>
        {parts.map(({ name, tone }) => (
          <span key={tone}>
            <svg viewBox="0 0 12 12" width={12} height={12}>
              <rect
                width={12}
                height={12}
                fill={tone === 'done' ? undefined : `url(#${id}-${tone})`}
                className={style['bar']}
                data-tone={tone}
              />
            </svg>
            {name}
          </span>
        ))}
      </div>
    </>
  );
}

function Patterns({ id }: { readonly id: string }) {
  return (
    <defs>
      <pattern id={`${id}-amber`} width={6} height={6} patternUnits="userSpaceOnUse">
        <rect width={6} height={6} className={style['pattern-amber']} />
        <path d="M0 6 6 0" className={style['pattern-line']} />
      </pattern>
      <pattern id={`${id}-danger`} width={4} height={4} patternUnits="userSpaceOnUse">
        <rect width={4} height={4} className={style['pattern-danger']} />
      </pattern>
    </defs>
  );
}
