import { useTimeFrame } from '../session/frame-context.tsx';
import { exactTime } from '../words/time-words.ts';

/** A time in short form; the exact one on hover and for machines. */
export function ExactTime({
  at,
  children,
  className,
}: {
  readonly at: number;
  readonly children: string;
  readonly className?: string | undefined;
}) {
  const frame = useTimeFrame();
  return (
    <time dateTime={new Date(at).toISOString()} title={exactTime(at, frame)} className={className}>
      {children}
    </time>
  );
}
