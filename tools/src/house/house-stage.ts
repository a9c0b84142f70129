import type { Stage } from '../stages/stage.ts';

export const houseStage: Stage = {
  name: 'house',
  run: () => Promise.resolve({ passed: 0, failures: [], note: 'no checks' }),
};
