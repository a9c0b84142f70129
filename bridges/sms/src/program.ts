import type { AgentProgram } from '@baton/agent';
import { openTextingLine } from './carriers/texting-line.ts';
import { NotReady } from './inbound/inbound-texts.ts';
import { TextingBook } from './records/texting-book.ts';
import { Texting } from './start-texting.ts';

/** The texting assistant: between the practice's number and its patients' conversations. */
export const program: AgentProgram = {
  name: 'sms',
  async start(context) {
    let texting: Texting | null = null;
    let book: TextingBook | null = null;
    let stopped = false;
    const line = await openTextingLine(context, {
      deliver: async (event) => {
        if (texting === null) throw new NotReady('not let in yet');
        await texting.deliver(event);
      },
      nameOf: async (number) => {
        const owners = (await book?.now())?.byNumber(number) ?? [];
        return owners.length === 0 ? null : owners.map(({ name }) => name).join(', ');
      },
      disbelieved: (why) => void context.activity.note(`webhook.${why}`, [], 'refused'),
    });
    context.serve(line.serve);
    // Staff set texting up when they like; until then everything that comes is repeated by the carrier.
    const opening = context.session.collections.awaitNamed('texting').then((values) => {
      if (stopped) return;
      book = new TextingBook(values);
      texting = new Texting(context, { carrier: line.carrier, mail: line.mail, texting: book });
      texting.start();
      line.start();
    });
    opening.catch(() => void context.activity.note('texting.open', [], 'failed'));
    return {
      async stop() {
        stopped = true;
        line.stop();
        await texting?.stop();
      },
    };
  },
};
