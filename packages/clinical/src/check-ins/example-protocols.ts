import capecitabine from '../../content/protocols/capecitabine-monotherapy.json' with { type: 'json' };
import type { Protocol } from './protocol.ts';

/**
 * Documents to start from, with their sources. They are not for clinical use until a site has looked at every line and two of its people have signed; the
 * Spanish texts wait for a qualified translator. A test reads each with `parseProtocol` and explores it.
 */
export const EXAMPLE_PROTOCOLS: readonly Protocol[] = [capecitabine] as unknown as readonly Protocol[];
