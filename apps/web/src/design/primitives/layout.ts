import { useMediaQuery } from '@mantine/hooks';

/** Staff layouts by width, in em so that large text gets the narrower layout: 1100 and 700 px at the usual size. */
export type Layout = 'wide' | 'medium' | 'phone';

export function useLayout(): Layout {
  const wide = useMediaQuery('(min-width: 68.75em)', undefined, { getInitialValueInEffect: false });
  const medium = useMediaQuery('(min-width: 43.75em)', undefined, { getInitialValueInEffect: false });
  if (wide) return 'wide';
  return medium ? 'medium' : 'phone';
}
