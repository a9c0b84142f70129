import { exploreProtocol, type Protocol } from '@baton/clinical';
import { CARRIER_WORDS, measureText } from '@baton/policy';
import type { ExploreAnswer } from './explore.ts';

// Runs beside the screen (`explore.ts`): one document in, one answer out.

interface Scope {
  addEventListener(type: 'message', listener: (event: MessageEvent<Protocol>) => void): void;
  postMessage(answer: ExploreAnswer, options: object): void;
}

const scope = globalThis as unknown as Scope;

scope.addEventListener('message', ({ data }) => {
  const checks = {
    carrierWords: CARRIER_WORDS,
    segmentsOf: (text: string): number => measureText(text).segments,
  };
  scope.postMessage({ exploration: exploreProtocol(data, checks) }, {});
});
