import { hueOf, initialsOf } from '../../../design/words/names.ts';
import type { Bar } from './place-spans.ts';
import style from './plot.module.css';

const HUES = 6;

/** Spans as bars. Only a picture: the same is said in words beside it. */
export function Bars({
  bars,
  lines,
  now,
}: {
  readonly bars: readonly Bar[];
  readonly lines: number;
  /** Place of the line for now; null where it lies elsewhere. */
  readonly now: number | null;
}) {
  return (
    <span className={style['bars']} data-lines={Math.min(lines, 4)} aria-hidden="true">
      {bars.map((bar) => (
        <span
          key={`${bar.span.account} ${bar.span.by} ${bar.span.from}`}
          className={style['bar']}
          data-hue={hueOf(bar.span.account, HUES)}
          data-by={bar.span.by}
          data-from={bar.from}
          data-to={bar.to}
          title={bar.span.name}
          style={{
            left: percent(bar.begins),
            width: `calc(${percent(bar.ends - bar.begins)} - 1px)`,
            top: `calc(${bar.line} * (100% / ${lines}))`,
            height: `calc(100% / ${lines} - 2px)`,
          }}
        >
          <span className={style['bar-name']}>{withoutTitle(bar.span.name)}</span>
          <span className={style['bar-initials']}>{initialsOf(bar.span.name)}</span>
        </span>
      ))}
      {now !== null && <span className={style['now']} style={{ left: percent(now) }} />}
    </span>
  );
}

/** A bar has little room, and most titles on a plot are the same. */
function withoutTitle(name: string): string {
  return name.replace(/^(?:dr|prof|mr|mrs|ms|sr|sra)\.?\s+/i, '');
}

function percent(share: number): string {
  return `${(share * 100).toFixed(3)}%`;
}
