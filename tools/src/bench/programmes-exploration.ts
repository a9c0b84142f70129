import {
  decodeRunState,
  encodeRunState,
  EXAMPLE_PROTOCOLS,
  exploreProtocol,
  FRESH_CONTEXT,
  parseProtocol,
  type Protocol,
  startRun,
} from '@baton/clinical';
import { CARRIER_WORDS, measureText } from '@baton/policy';

const CHECKS = {
  carrierWords: CARRIER_WORDS,
  segmentsOf: (text: string): number => measureText(text).segments,
};

export interface ExplorationFigures {
  /** The example that has most states. */
  readonly protocol: string;
  readonly states: number;
  readonly steps: number;
  readonly paths: number;
  /** The first time, on cold code: as on the first save. */
  readonly ms: number;
  /** Of processor: what it would take where nobody else is at work. */
  readonly processorMs: number;
  /** A state of that protocol made into text and read again, as many times as there are states: each once, without the dialogue. */
  readonly bareMs: number;
  /** All examples, one after the other. */
  readonly examples: number;
  readonly allMs: number;
}

/** Explores each example once, the largest document first. */
export function exploreExamples(): ExplorationFigures {
  const bySize = EXAMPLE_PROTOCOLS.map((protocol) => ({ protocol, text: JSON.stringify(protocol) }));
  bySize.sort((a, b) => b.text.length - a.text.length);
  const explored = bySize.map(({ protocol, text }) => {
    const read = parseProtocol(text);
    if (!read.ok) throw new Error(`${protocol.id} is not read`);
    const used = process.cpuUsage();
    const from = performance.now();
    const found = exploreProtocol(read.protocol, CHECKS);
    const tookMs = performance.now() - from;
    const { user, system } = process.cpuUsage(used);
    if (found.problems.length > 0) throw new Error(`${protocol.id} has faults`);
    return { protocol: read.protocol, found, tookMs, processorMs: (user + system) / 1000 };
  });
  const largest = explored.toSorted((a, b) => b.found.states - a.found.states)[0];
  if (largest === undefined) throw new Error('there are no examples');
  const { protocol, found, tookMs, processorMs } = largest;
  return {
    protocol: protocol.id,
    states: found.states,
    steps: found.steps,
    paths: found.paths,
    ms: tookMs,
    processorMs,
    bareMs: copyStates(protocol, found.states),
    examples: explored.length,
    allMs: explored.reduce((sum, one) => sum + one.tookMs, 0),
  };
}

function copyStates(protocol: Protocol, count: number): number {
  const { state } = startRun(protocol, {
    slot: protocol.slots[0]?.id ?? '',
    date: '2026-01-05',
    atMs: 0,
    language: 'en',
    settings: Object.fromEntries(
      protocol.settings.map(({ key, choices, range }) => [key, choices[0]?.value ?? range?.min ?? 0]),
    ),
    plan: { t: 'off', cycle: 1, cycleDay: 15 },
    fill: {},
    context: FRESH_CONTEXT,
  });
  const from = performance.now();
  for (let copied = 0; copied < count; copied += 1)
    if (decodeRunState(encodeRunState(state)) === null) throw new Error('a state was not read');
  return performance.now() - from;
}
