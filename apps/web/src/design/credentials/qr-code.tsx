import encodeQR from 'qr';
import { useMemo } from 'react';

const QUIET_ZONE = 3;

/** A QR code as one SVG path: dark on white in both themes, as scanners need it. */
export function QrCode({ text, label }: { readonly text: string; readonly label: string }) {
  const { size, path } = useMemo(() => {
    const grid = encodeQR(text, 'raw', { ecc: 'medium', border: 0 });
    const cells = grid.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : [])));
    return { size: grid.length, path: cells.join('') };
  }, [text]);
  const box = `${-QUIET_ZONE} ${-QUIET_ZONE} ${size + 2 * QUIET_ZONE} ${size + 2 * QUIET_ZONE}`;
  return (
    <svg viewBox={box} width="180" height="180" role="img" aria-label={label} shapeRendering="crispEdges">
      <rect x={-QUIET_ZONE} y={-QUIET_ZONE} width="100%" height="100%" fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}
