import { CONTRACTS, printRows, rowOf } from '../report.ts';
import type { ServerReplay } from './replay.ts';

/** Whether nothing was lost, done twice, or told otherwise. */
export function isFlawless(replay: ServerReplay): boolean {
  return (
    replay.dropped.length === 0 &&
    replay.unlike.length === 0 &&
    replay.views.unlike.length === 0 &&
    replay.alarms.length === 0 &&
    replay.batons.length === replay.asked &&
    replay.batons.every(({ repeated }) => repeated === 0)
  );
}

export function printServerReport(replay: ServerReplay): string {
  const { counts, batons } = replay;
  const dropped = new Set(replay.dropped);
  const rows = CONTRACTS.map((contract) => {
    const of = batons.filter(({ state }) => state.contract === contract);
    return rowOf(contract, of, of.filter(({ state }) => dropped.has(state.baton)).length);
  });
  const refusals = [...replay.refusals].map(([code, count]) => `${count} ${code}`).join(', ') || 'none';
  return [
    'The real server and real clients under a synthetic load; more urgent messages than published, so that few meet every ladder.',
    `${replay.sent} messages by ${replay.people} people in ${replay.units} unit(s), ${(replay.simulatedMs / 3_600_000).toFixed(1)} h simulated in ${seconds(replay.tookMs)} (${seconds(replay.setUpMs)} to set up)`,
    `${counts.wentOffDuty} went off duty, ${counts.rolesGiven} gave a role away, ${counts.deactivated} deactivated, ${counts.reached} times somebody was told; server halted ${counts.halts}, killed ${counts.kills} times`,
    '',
    ...printRows(rows),
    '',
    `asked for: ${replay.asked}; opened: ${batons.length}; dropped batons: ${dropped.size}; rows unlike their events: ${replay.unlike.length}; steps done twice: ${batons.reduce((sum, { repeated }) => sum + repeated, 0)}`,
    `clients' views compared: ${replay.views.compared}, unlike the server's: ${replay.views.unlike.length}, left behind: ${replay.views.leftBehind.length}; alarms: ${replay.alarms.length}; refused to people: ${refusals}`,
    ...[...replay.views.unlike, ...replay.views.leftBehind, ...replay.alarms].slice(0, 20),
  ].join('\n');
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
