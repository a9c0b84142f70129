import type { BatonId } from '@baton/kernel';
import { type Device, until } from '@baton/testkit';
import type { LoggedBaton } from './server-batons.ts';

const CATCH_UP_MS = 15_000;

export interface ViewFindings {
  /** Batons in the clients' lists, all clients together. */
  readonly compared: number;
  /** What a client says otherwise than the server. Must be none. */
  readonly unlike: readonly string[];
  /** The same of people who saw it only while it was offered to them, or they stood for its owner: the server tells them no more. */
  readonly leftBehind: readonly string[];
}

/** Whether every client says of every baton that it shows what the server's events say, and openers and enders show theirs. */
export async function compareViews(
  devices: readonly Device[],
  batons: ReadonlyMap<BatonId, LoggedBaton>,
): Promise<ViewFindings> {
  const unlike: string[] = [];
  const leftBehind: string[] = [];
  let compared = 0;
  for (const device of devices) {
    const find = () => findUnlike(device, batons);
    // Clients may lag; what still differs then is wrong.
    await until(device.session.batons.changes, () => find().unlike.length === 0, {
      withinMs: CATCH_UP_MS,
    }).catch(() => {});
    const found = find();
    compared += found.compared;
    unlike.push(...found.unlike);
    leftBehind.push(...found.leftBehind);
  }
  return { compared, unlike, leftBehind };
}

function findUnlike({ session, account }: Device, batons: ReadonlyMap<BatonId, LoggedBaton>): ViewFindings {
  const unlike: string[] = [];
  const leftBehind: string[] = [];
  let compared = 0;
  for (const { state } of batons.values()) {
    const seen = session.batons.get(state.baton);
    const isTheirs = state.opener === account || state.ended?.by === account || state.reached.has(account);
    if (seen === null) {
      if (isTheirs) unlike.push(`${account} does not have ${state.baton}`);
      continue;
    }
    compared += 1;
    const said = [seen.status, seen.owner.id, seen.ended?.by.id, seen.ended?.at, seen.ended?.reason].join(
      ' ',
    );
    const is = [state.status, state.owner, state.ended?.by, state.ended?.at, state.ended?.reason].join(' ');
    if (said === is) continue;
    const what = `${account} (${seen.mine}) shows ${state.baton} as "${said}", the server "${is}"`;
    (isTheirs ? unlike : leftBehind).push(what);
  }
  const listed = [...session.batons.owe.read(), ...session.batons.waiting.read()];
  for (const { id } of listed)
    if (batons.get(id)?.state.ended !== null) unlike.push(`${account} still lists ${id}`);
  return { compared, unlike, leftBehind };
}
