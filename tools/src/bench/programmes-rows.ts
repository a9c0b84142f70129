import type { ProgrammesFigures } from './programmes.ts';
import { ms, perSecond, type Row, seconds } from './row.ts';

const EXPLORE_MS = 5000;
const UNDERSTAND_MS = 1;

export function programmeRows({ planning, exploration, understanding, reminders }: ProgrammesFigures): Row[] {
  const open = { ratio: null, goal: '', met: null, verdict: '' };
  const { single, texted, bare, entries } = reminders;
  const { visitsMiB, planMiB, mostMiB } = planning;
  return [
    {
      ...open,
      figure: `reminders planned of ${planning.appointments} visits, ${planning.patients} patients`,
      measured: `${seconds(planning.ms)}, ${perSecond((planning.appointments / planning.ms) * 1000)}, ${planning.planned} steps; first ${seconds(planning.firstMs)}`,
      limit: `${ms(planning.bareMs)} bare pass`,
      ratio: planning.ms / planning.bareMs,
    },
    {
      ...open,
      figure: 'heap of that plan, all of it kept',
      measured: `${Math.round(planMiB)} MiB, ${Math.round(mostMiB)} MiB before collection`,
      limit: `${Math.round(visitsMiB)} MiB the visits`,
      ratio: planMiB / visitsMiB,
    },
    below(EXPLORE_MS, exploration.ms, {
      figure: `${exploration.protocol} explored: ${exploration.states} states, ${exploration.steps} steps`,
      measured: `${seconds(exploration.ms)}, ${seconds(exploration.processorMs)} of processor; all ${exploration.examples} examples ${seconds(exploration.allMs)}`,
      limit: `${ms(exploration.bareMs)} each state copied once`,
      ratio: exploration.ms / exploration.bareMs,
    }),
    below(UNDERSTAND_MS, understanding.meanMs, {
      figure: `a reply understood by rules, mean of ${understanding.replies}`,
      measured: `${ms(understanding.meanMs)}, p99 ${ms(understanding.p99Ms)}`,
      limit: `${ms(understanding.bareMeanMs)} cut into words`,
      ratio: understanding.meanMs / understanding.bareMeanMs,
    }),
    {
      ...open,
      figure: 'a reminder, sent to texted by the simulator, p50',
      measured: `${ms(single.p50Ms)}, p99 ${ms(single.p99Ms)}`,
      limit: `${ms(bare.p50Ms)} committed, not texted, ${reminders.atOnce} at once`,
    },
    {
      ...open,
      figure: `${reminders.count} reminders through the simulator, ${reminders.atOnce} sent at once`,
      measured: `${texted.perSecond.toFixed(1)}/s, ${entries.texted.toFixed(1)} entries of each committed in turn; half within ${seconds(texted.p50Ms)}`,
      limit: `${bare.perSecond.toFixed(1)}/s committed, not texted; ${entries.bare.toFixed(1)} entries of each`,
      ratio: texted.perSecond / bare.perSecond,
    },
    { ...open, figure: 'reminders: who is busiest', measured: reminders.limit, limit: '' },
  ];
}

function below(
  goalMs: number,
  measuredMs: number,
  row: Pick<Row, 'figure' | 'measured' | 'limit' | 'ratio'>,
): Row {
  const met = measuredMs < goalMs;
  return {
    ...row,
    goal: `< ${goalMs} ms`,
    met,
    verdict: met ? 'met' : `missed by ${ms(measuredMs - goalMs)}`,
  };
}
