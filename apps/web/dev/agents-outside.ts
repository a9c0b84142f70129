import type { Integrations } from '@baton/client';
import type { IntegrationBody } from '@baton/wire';
import { Dice } from './dice.ts';
import { GalleryFailure, pause } from './failure.ts';
import { now, scenario } from './scenario.ts';

const HOUR = 3_600_000;
const dice = new Dice(4_410_733);

let list: readonly IntegrationBody[] =
  scenario.state === 'empty'
    ? []
    : [
        {
          integration: dice.id('integration'),
          name: 'Laboratory: critical results',
          webhook: 'https://lab.harbor-family-practice.example/hooks/baton/critical-results/acknowledgements',
          createdAt: now() - 2000 * HOUR,
          lastUsedAt: now() - HOUR / 3,
          pending: 0,
          lastFailure: null,
        },
        {
          integration: dice.id('integration'),
          name: 'Bed management',
          webhook: 'https://beds.example/baton',
          createdAt: now() - 700 * HOUR,
          lastUsedAt: now() - 30 * HOUR,
          pending: 14,
          lastFailure: '503 Service Unavailable',
        },
        {
          integration: dice.id('integration'),
          name: 'Nurse call system, 4 West',
          webhook: null,
          createdAt: now() - 20 * HOUR,
          lastUsedAt: null,
          pending: 0,
          lastFailure: null,
        },
      ];

export const integrations: Integrations = {
  async list() {
    await pause(80);
    if (scenario.state === 'offline') throw new GalleryFailure('limit.busy');
    return list;
  },
  async create({ name, webhook }) {
    await pause(300);
    const integration: IntegrationBody = {
      integration: dice.id('integration'),
      name,
      webhook,
      createdAt: now(),
      lastUsedAt: null,
      pending: 0,
      lastFailure: null,
    };
    list = [...list, integration];
    return { integration, token: `bt_${'k'.repeat(43)}`, webhookSecret: `whsec_${'c2VjcmV0'.repeat(4)}` };
  },
  async remove(id) {
    await pause(200);
    list = list.filter(({ integration }) => integration !== id);
  },
};
