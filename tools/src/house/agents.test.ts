import { expect, test } from 'vitest';
import { agents } from './agents.ts';
import { repoOf } from './repo.ts';

test('a program imports what the runtime hands it, and nothing of Node or of the client', () => {
  const text = [
    `import type { AgentProgram } from '@baton/agent';`,
    `import { readFileSync } from 'node:fs';`,
    `import net from 'net';`,
    `import { LiveSession } from '@baton/client';`,
    `import { plan } from './plan.ts';`,
    `const late = await import('node:tls');`,
  ].join('\n');
  const list = { agents: ['@baton/agent'], bridges: ['@baton/agent', 'twilio'] };
  const found = agents.run(
    repoOf({
      'apps/station/src/agents/guard/program-imports.json': JSON.stringify(list),
      'bridges/sms/src/carriers/twilio.ts': `import twilio from 'twilio'; import axios from 'axios';`,
      'agents/duty/src/text.ts': `import twilio from 'twilio';`,
      'agents/duty/src/index.ts': text,
      'agents/duty/src/plan.test.ts': `import { it } from 'vitest';`,
      'bridges/sms/src/index.ts': `import { LiveSession } from '@baton/client';`,
      'packages/agent/src/index.ts': `import { readFileSync } from 'node:fs';`,
    }),
  );
  expect(found.map(({ file, line }) => [file, line])).toEqual([
    ['agents/duty/src/index.ts', 2],
    ['agents/duty/src/index.ts', 3],
    ['agents/duty/src/index.ts', 4],
    ['agents/duty/src/index.ts', 6],
    ['agents/duty/src/text.ts', 1],
    ['bridges/sms/src/carriers/twilio.ts', 1],
    ['bridges/sms/src/index.ts', 1],
  ]);
});
