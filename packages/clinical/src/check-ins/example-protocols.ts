import pressure from '../../content/protocols/blood-pressure-by-text.json' with { type: 'json' };
import compared from '../../content/protocols/better-same-worse.json' with { type: 'json' };
import capecitabine from '../../content/protocols/capecitabine-monotherapy.json' with { type: 'json' };
import discharge from '../../content/protocols/post-discharge-30-days.json' with { type: 'json' };
import wound from '../../content/protocols/wound-photo-after-surgery.json' with { type: 'json' };
import type { Protocol } from './protocol.ts';

/**
 * Documents to start from, with their sources. They are not for clinical use until a site has looked at every line and two of its people have signed; the
 * Spanish texts wait for a qualified translator. A test reads each with `parseProtocol` and explores it.
 */
export const EXAMPLE_PROTOCOLS: readonly Protocol[] = [
  capecitabine,
  compared,
  discharge,
  pressure,
  wound,
] as unknown as readonly Protocol[];
