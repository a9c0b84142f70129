import { createNodeDoor } from '@baton/client-node';
import { parseId } from '@baton/kernel';
import { until } from '@baton/testkit';

// A recipient's client in a process of its own. argv: server url, data folder, fragment of an invitation link. Told a conversation's id,
// it says for each message in it when the text was there to be read, on the clock that all processes of a machine share.

export type RecipientNote =
  | { readonly t: 'ready'; readonly account: string }
  | { readonly t: 'watching' }
  | { readonly t: 'read'; readonly text: string; readonly atNs: string };

const tell = (note: RecipientNote): void => void process.send?.(note);
const [serverUrl, dataDir, fragment] = process.argv.slice(2) as [string, string, string];
const door = await createNodeDoor({ serverUrl, dataDir, deviceLabel: 'Bench' });
const { session } = await door.claimAsPersona(fragment, 'bench');

process.on('message', (message: { watch: string }) => {
  const conv = parseId('conversation', message.watch);
  if (conv !== null) void watch(conv);
});
process.on('disconnect', () => void session.close().finally(() => process.exit(0)));
tell({ t: 'ready', account: session.me.read().account });

async function watch(conv: NonNullable<ReturnType<typeof parseId<'conversation'>>>): Promise<void> {
  await until(session.conversations.list, (rows) => rows.some(({ id }) => id === conv));
  const thread = await session.conversations.open(conv);
  let read = 0;
  const look = (): void => {
    const { items } = thread.timeline.read();
    const atNs = String(process.hrtime.bigint());
    for (const item of items.slice(read))
      if (item.type === 'message') tell({ t: 'read', text: item.text, atNs });
    read = items.length;
  };
  thread.timeline.subscribe(look);
  look();
  tell({ t: 'watching' });
}
