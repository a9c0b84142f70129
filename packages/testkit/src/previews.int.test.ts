import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { messagesOf, openOn, PatientScene, sees, text } from './patient-scene.ts';

// T21: nothing makes the server, or a client by itself, ask an address that somebody wrote.

let scene: PatientScene;
let outside: Server;
let address: string;
const asked: string[] = [];

beforeAll(async () => {
  scene = await PatientScene.create();
  outside = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.writeHead(302, { location: '/again' }).end();
  });
  outside.on('connection', () => asked.push('connection'));
  await new Promise<void>((resolve) => outside.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(outside.address() as AddressInfo).port}`;
}, 60_000);

afterAll(async () => {
  await scene?.close();
  outside?.close();
});

it('T21 fetches nothing for a preview: of links, names, pictures and files, from a patient and from staff', async () => {
  const { patient, conv, thread, staff } = await scene.joined();
  const svg = `<svg xmlns="http://www.w3.org/2000/svg"><image href="${address}/svg"/><script href="${address}/js"/></svg>`;
  const html = `<meta http-equiv="refresh" content="0;url=${address}/html"><img src="${address}/img">`;
  const files = [
    { name: 'picture.svg', mime: 'image/svg+xml', content: svg },
    { name: `${address}/name.html`, mime: 'text/html', content: html },
  ].map(({ name, mime, content }) => ({
    name,
    mime,
    bytes: new Uint8Array(Buffer.from(content)),
    width: null,
    height: null,
  }));
  const words = `See ${address}/link and ![x](${address}/image) <img src="${address}/tag"> ${address}/oembed?format=json`;
  await thread.send(text(words, { files }));
  const seen = await sees(staff, words);
  for (const attachment of seen.attachments) await staff.readAttachment(attachment);
  await staff.send(text(`Answer: ${words}`, { files, replyTo: seen.id }));
  const answer = await sees(await openOn(patient, conv), `Answer: ${words}`);
  for (const attachment of answer.attachments) await thread.readAttachment(attachment);
  await staff.edit(messagesOf(staff).at(-1)?.id ?? answer.id, `Edited: ${words}`);
  await sees(thread, `Edited: ${words}`);
  expect(asked).toEqual([]);
  // Whoever asks is heard.
  await fetch(`${address}/heard`, { redirect: 'manual' });
  expect(asked).toEqual(['connection', 'GET /heard']);
}, 60_000);
