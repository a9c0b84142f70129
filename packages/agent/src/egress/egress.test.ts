import { expect, it } from 'vitest';
import { createEgress } from './egress.ts';

it.each([
  ['https://labs.example.org/results', true],
  ['https://labs.example.org:443/', true],
  ['https://Labs.Example.Org/', true],
  ['https://labs.example.org:8443/', false],
  ['http://labs.example.org/', false],
  ['https://labs.example.org.evil.test/', false],
  ['https://user@evil.test/labs.example.org', false],
  ['http://10.0.0.7:8080/x', true],
  ['file:///etc/passwd', false],
  ['not a url', false],
])('%s: %s', async (url, allowed) => {
  const asked: RequestInit[] = [];
  const egress = createEgress(['labs.example.org', '10.0.0.7:8080'], async (_url, init) => {
    asked.push(init);
    return new Response('ok');
  });
  if (allowed) {
    expect((await egress.fetch(url)).status).toBe(200);
    expect(asked[0]?.redirect).toBe('error');
  } else {
    await expect(egress.fetch(url)).rejects.toMatchObject({ name: 'AgentError', code: 'egress' });
    expect(asked).toEqual([]);
  }
});
